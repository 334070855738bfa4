import { Button } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DayInput } from './day-input.tsx';
import classes from './filter-form.module.css';
import { FieldErrorText } from './form-row.tsx';

/** What narrows a list: fields and a button. Enter searches. */
export function FilterForm({
  label,
  onSearch,
  children,
}: {
  label: string;
  onSearch: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <search>
      <form
        className={classes.filter}
        aria-label={label}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onSearch();
        }}
      >
        {children}
        <Button type="submit" variant="default" leftSection={<IconSearch size={16} />}>
          {t('history.search')}
        </Button>
      </form>
    </search>
  );
}

export interface Period {
  from: string;
  until: string;
}

interface PeriodFieldsProps extends Period {
  legend: string;
  onChange: (period: Period) => void;
  error: string | null;
}

/** A first and a last day, both inclusive. */
export function PeriodFields({ legend, from, until, onChange, error }: PeriodFieldsProps) {
  const { t } = useTranslation();
  return (
    <fieldset className={classes.field}>
      <legend>{legend}</legend>
      <div className={classes.period}>
        <DayInput
          label={`${legend}: ${t('common.from')}`}
          value={from}
          onChange={(day) => onChange({ from: day, until })}
          error={error !== null}
        />
        <span>~</span>
        <DayInput
          label={`${legend}: ${t('common.until')}`}
          value={until}
          onChange={(day) => onChange({ from, until: day })}
          error={error !== null}
        />
      </div>
      {error !== null && <FieldErrorText>{error}</FieldErrorText>}
    </fieldset>
  );
}

/** What is wrong with a period, as a key of the catalogue; null when it can be searched. */
export function periodProblem({ from, until }: Period): 'history.periodNeeded' | 'history.backwards' | null {
  if (from === '' || until === '') return 'history.periodNeeded';
  return until < from ? 'history.backwards' : null;
}
