import { Alert, NativeSelect, Skeleton } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ChoiceCards } from '../../../ui/choice-cards.tsx';
import { FormRow } from '../../../ui/form-row.tsx';
import { useMarketplaceNow } from '../../marketplace/clock.ts';
import { useFormat } from '../../marketplace/use-format.ts';
import classes from './apply.module.css';
import { useApply } from './apply-context.ts';
import { chosenSlot } from './rules.ts';

export function SlotRow({ moved }: { moved: boolean }) {
  const { t } = useTranslation();
  const { marketplace, values, change, slots, errorOf } = useApply();
  const format = useFormat();
  const now = useMarketplaceNow(10_000);
  const error = errorOf('slot');
  const date = slots?.dates.find((offered) => offered.date === values.date);
  const slot = slots === undefined ? null : chosenSlot(values, slots);
  const tooLate = (cancelUntil: string) => now.getTime() > Date.parse(cancelUntil);

  return (
    <FormRow field="slot" label={t('apply.slot.label')} error={error}>
      {slots === undefined ? (
        <Skeleton height={44} />
      ) : (
        <div className={classes.slot}>
          <ChoiceCards
            name="slot-date"
            label={t('apply.slot.date')}
            value={values.date}
            invalid={error !== undefined}
            onChange={(chosen) => {
              const offered = slots.dates.find((one) => one.date === chosen)?.slots ?? [];
              const same = offered.some((one) => one.time === values.time);
              change({ date: chosen, time: same ? values.time : (offered[0]?.time ?? '') });
            }}
            choices={slots.dates.map((offered) => ({
              value: offered.date,
              label: format.day(offered.date),
              disabled: offered.weekFull,
              ...(offered.weekFull ? { note: t('apply.slot.weekFull') } : {}),
            }))}
          />
          <div className={classes.time} hidden={date === undefined}>
            <NativeSelect
              aria-label={t('apply.slot.time')}
              value={values.time}
              onChange={(event) => change({ time: event.currentTarget.value })}
              data={(date?.slots ?? []).map((one) => ({
                value: one.time,
                label: tooLate(one.cancelUntil) ? `${one.time} ${t('apply.slot.noCancelMark')}` : one.time,
              }))}
            />
            <span>{format.zoneName}</span>
          </div>
        </div>
      )}
      {moved && <p className="cp-note">{t('apply.slot.moved')}</p>}
      <p className="cp-note">
        {t('apply.slot.cancelNote', { hours: marketplace.cancelHours })}
        {slot !== null && !tooLate(slot.cancelUntil) && (
          <>
            <br />
            <strong>{t('summary.cancelUntil', { moment: format.moment(slot.cancelUntil) })}</strong>
          </>
        )}
      </p>
      {slot !== null && tooLate(slot.cancelUntil) && (
        <Alert color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden />}>
          {t('apply.slot.uncancellable', { hours: marketplace.cancelHours })}
        </Alert>
      )}
    </FormRow>
  );
}
