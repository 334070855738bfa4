import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { FormRow } from '../../../ui/form-row.tsx';
import classes from './apply.module.css';
import { useApply } from './apply-context.ts';

/** How many days before the coupon's end a reminder can go out. */
const offered = [1, 2, 3, 5, 7, 14];

/** One quiet reminder before the coupon ends, to those who have not used it. */
export function ReminderRow() {
  const { t } = useTranslation();
  const { values, change, errorOf } = useApply();
  return (
    <FormRow field="reminder" label={t('apply.reminder.label')} error={errorOf('reminder')}>
      <NativeSelect
        className={classes.short ?? ''}
        aria-label={t('apply.reminder.label')}
        value={values.remindDays === null ? '' : String(values.remindDays)}
        onChange={(event) => change({ remindDays: Number(event.currentTarget.value) || null })}
        data={[
          { value: '', label: t('apply.reminder.none') },
          ...offered.map((days) => ({ value: String(days), label: t('apply.reminder.days', { count: days }) })),
        ]}
      />
      <p className="cp-note">{t('apply.reminder.note')}</p>
    </FormRow>
  );
}
