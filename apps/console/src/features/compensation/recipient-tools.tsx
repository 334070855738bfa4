import type { HeldBackReason } from '@coupon-push/contract/audience.ts';
import type { CompensationUpload, Selection } from '@coupon-push/contract/compensation.ts';
import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../marketplace/use-format.ts';
import classes from './compensation.module.css';
import { everybody, nobody, tickedCount } from './rules.ts';

/** What the list of recipients is narrowed to. */
export interface Tools {
  search: string;
  show: 'reachable' | 'held_back' | undefined;
  reason: HeldBackReason | undefined;
}

interface RecipientToolsProps {
  upload: CompensationUpload;
  selection: Selection;
  tools: Tools;
  onSelect: (selection: Selection) => void;
  onTools: (tools: Tools) => void;
}

/** Everybody or nobody, and the search. */
export function RecipientTools({ upload, selection, tools, onSelect, onTools }: RecipientToolsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const ticked = tickedCount(selection, upload);
  const heldBack = upload.customers - upload.reachable;
  return (
    <div className={classes.tools}>
      <Checkbox
        label={
          <>
            {t('compensation.recipients.tickAll')}{' '}
            <span className={classes.count} aria-live="polite">
              {t('compensation.recipients.ticked', {
                ticked: format.number(ticked),
                customers: format.number(upload.customers),
              })}
            </span>
          </>
        }
        checked={ticked > 0 && ticked >= upload.reachable}
        indeterminate={ticked > 0 && ticked < upload.reachable}
        disabled={upload.reachable === 0}
        onChange={() => onSelect(ticked >= upload.reachable ? nobody : everybody)}
      />
      <search className={classes.filter}>
        <TextInput
          className={classes.search ?? ''}
          size="xs"
          aria-label={t('compensation.recipients.search')}
          placeholder={t('compensation.recipients.search')}
          leftSection={<IconSearch size={14} aria-hidden />}
          maxLength={100}
          value={tools.search}
          onChange={(event) => onTools({ ...tools, search: event.currentTarget.value })}
        />
        {heldBack > 0 && (
          <NativeSelect
            className={classes.show ?? ''}
            size="xs"
            aria-label={t('compensation.recipients.show')}
            value={tools.reason ?? tools.show ?? ''}
            onChange={(event) => onTools({ search: tools.search, ...shownOf(event.currentTarget.value, upload) })}
            data={[
              { value: '', label: `${t('compensation.recipients.everyone')} (${format.number(upload.customers)})` },
              {
                value: 'reachable',
                label: `${t('compensation.recipients.reachable')} (${format.number(upload.reachable)})`,
              },
              { value: 'held_back', label: `${t('progress.heldBack')} (${format.number(heldBack)})` },
              ...upload.heldBack.map(({ reason, customers }) => ({
                value: reason,
                label: `– ${t(`heldBack.${reason}`)} (${format.number(customers)})`,
              })),
            ]}
          />
        )}
      </search>
    </div>
  );
}

function shownOf(value: string, upload: CompensationUpload): Pick<Tools, 'show' | 'reason'> {
  const reason = upload.heldBack.find((one) => one.reason === value)?.reason;
  if (reason !== undefined) return { show: undefined, reason };
  return { show: value === 'reachable' || value === 'held_back' ? value : undefined, reason: undefined };
}
