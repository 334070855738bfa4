import '@mantine/dates/styles.layer.css';
import 'dayjs/locale/ja.js';
import 'dayjs/locale/ko.js';
import { DateInput } from '@mantine/dates';
import { IconCalendar } from '@tabler/icons-react';
import { useLanguage } from '../lib/i18n.ts';
import classes from './day-input.module.css';

export interface DayInputProps {
  label: string;
  /** Show the label above the input, instead of only reading it out. */
  visibleLabel?: boolean;
  /** A day `2026-11-25`; empty: none. */
  value: string;
  onChange: (day: string) => void;
  min?: string | undefined;
  max?: string | undefined;
  error?: string | boolean | undefined;
  disabled?: boolean;
}

/** A calendar day, typed (`2026/11/25`) or picked. */
export function DayInput({ label, visibleLabel = false, value, onChange, min, max, error, disabled }: DayInputProps) {
  const language = useLanguage();
  return (
    <DateInput
      className={classes.input ?? ''}
      {...(visibleLabel ? { label } : { 'aria-label': label })}
      locale={language}
      valueFormat="YYYY/MM/DD"
      monthLabelFormat={language === 'en' ? 'MMMM YYYY' : language === 'ja' ? 'YYYY年M月' : 'YYYY년 M월'}
      placeholder="YYYY/MM/DD"
      dateParser={parseDay}
      firstDayOfWeek={1}
      leftSection={<IconCalendar size={16} aria-hidden />}
      leftSectionPointerEvents="none"
      value={value === '' ? null : value}
      onChange={(day) => onChange(day ?? '')}
      {...(min === undefined ? {} : { minDate: min })}
      {...(max === undefined ? {} : { maxDate: max })}
      error={error}
      disabled={disabled ?? false}
      popoverProps={{ withinPortal: true }}
    />
  );
}

/** `2026/11/25`, `2026-11-25`, `2026.11.25`, `20261125`. */
function parseDay(text: string): string | null {
  const match = /^\s*(\d{4})\D?(\d{1,2})\D?(\d{1,2})\s*$/.exec(text);
  if (match === null) return null;
  const day = `${match[1]}-${match[2]?.padStart(2, '0')}-${match[3]?.padStart(2, '0')}`;
  return Number.isNaN(Date.parse(`${day}T00:00:00Z`)) ? null : day;
}
