import type { CompensationRecipient, CompensationUpload, Selection } from '@coupon-push/contract/compensation.ts';
import { Button, Checkbox, Group } from '@mantine/core';
import { IconSearchOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDebounced } from '../../lib/use-debounced.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { EmptyState, ErrorState, ListSkeleton } from '../../ui/states.tsx';
import { useFormat } from '../marketplace/use-format.ts';
import { recipientsQuery } from './api/get-recipients.ts';
import classes from './compensation.module.css';
import { Pages } from './pages.tsx';
import { RecipientTools, type Tools } from './recipient-tools.tsx';
import { isTicked, withTicks } from './rules.ts';
import { ScrollList } from './scroll-list.tsx';

interface RecipientsTableProps {
  shopId: number;
  upload: CompensationUpload;
  selection: Selection;
  onSelect: (selection: Selection) => void;
}

const unfiltered: Tools = { search: '', show: undefined, reason: undefined };

/** Who of the file's customers gets the coupon: all who can be reached are ticked at first (spec 3.8). */
export function RecipientsTable({ shopId, upload, selection, onSelect }: RecipientsTableProps) {
  const { t } = useTranslation();
  const [tools, setTools] = useState(unfiltered);
  const [page, setPage] = useState(1);
  const search = useDebounced(tools.search.trim(), 250);
  const recipients = useQuery(recipientsQuery(shopId, upload.id, { ...tools, search, page }));
  const columns = useColumns(selection, onSelect);
  const filtered = tools.search !== '' || tools.show !== undefined || tools.reason !== undefined;
  const shown = recipients.data?.entries ?? [];
  const reachable = shown.filter((entry) => entry.heldBack === null).map((entry) => entry.no);
  const change = (next: Tools) => {
    setTools(next);
    setPage(1);
  };

  return (
    <>
      <RecipientTools upload={upload} selection={selection} tools={tools} onSelect={onSelect} onTools={change} />
      {recipients.isPending && <ListSkeleton rows={5} />}
      {recipients.isError && <ErrorState error={recipients.error} onRetry={() => void recipients.refetch()} />}
      {recipients.isSuccess && shown.length === 0 && (
        <EmptyState
          icon={<IconSearchOff />}
          title={t('compensation.recipients.none')}
          text={t('compensation.recipients.noneText')}
          action={
            <Button variant="default" size="compact-sm" onClick={() => change(unfiltered)}>
              {t('compensation.recipients.showAll')}
            </Button>
          }
        />
      )}
      {shown.length > 0 && (
        <>
          {filtered && reachable.length > 0 && (
            <Group gap="xs">
              <Button
                variant="default"
                size="compact-xs"
                onClick={() => onSelect(withTicks(selection, reachable, true))}
              >
                {t('compensation.recipients.tickShown', { count: reachable.length })}
              </Button>
              <Button
                variant="default"
                size="compact-xs"
                onClick={() => onSelect(withTicks(selection, reachable, false))}
              >
                {t('compensation.recipients.untickShown', { count: reachable.length })}
              </Button>
            </Group>
          )}
          <ScrollList label={t('apply.sendTo.label')} className={classes.recipients}>
            <DataTable
              caption={t('apply.sendTo.label')}
              columns={columns}
              rows={shown}
              rowKey={(entry) => entry.no}
              stale={recipients.isPlaceholderData}
            />
          </ScrollList>
          <Pages page={page} total={recipients.data?.total ?? 0} onPage={setPage} />
        </>
      )}
    </>
  );
}

function useColumns(selection: Selection, onSelect: (selection: Selection) => void): Column<CompensationRecipient>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    {
      key: 'tick',
      label: t('history.choose'),
      render: (entry) => (
        <Checkbox
          aria-label={t('compensation.recipients.tickOne', { no: entry.no, name: entry.masked })}
          aria-describedby={entry.heldBack === null ? undefined : `held-back-${entry.no}`}
          disabled={entry.heldBack !== null}
          checked={entry.heldBack === null && isTicked(selection, entry.no)}
          onChange={(event) => onSelect(withTicks(selection, [entry.no], event.currentTarget.checked))}
        />
      ),
    },
    {
      key: 'name',
      label: 'ID or E-mail',
      render: (entry) => (
        <>
          {entry.masked}
          {entry.heldBack !== null && (
            <div className={classes.reason} id={`held-back-${entry.no}`}>
              {t(`heldBack.${entry.heldBack}`)}
            </div>
          )}
        </>
      ),
    },
    {
      key: 'purchases',
      label: t('compensation.recipients.purchases'),
      figure: true,
      render: (entry) => `${format.number(entry.purchases)}/${format.money(entry.amountMinor)}`,
    },
    {
      key: 'orders',
      label: t('compensation.recipients.orders'),
      render: (entry) => (
        <span className={classes.orders} title={entry.orderNos.join(', ')}>
          {entry.orderNos.slice(0, 2).map((orderNo, index) => (
            <Fragment key={orderNo}>
              {index > 0 && ', '}
              <span className={classes.nowrap}>{orderNo}</span>
            </Fragment>
          ))}{' '}
          {entry.orders > 2 && (
            <span className={classes.nowrap}>
              {t('compensation.recipients.moreOrders', { count: entry.orders - 2 })}
            </span>
          )}
        </span>
      ),
    },
  ];
}
