import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FilterForm, PeriodFields, periodProblem } from '../../../ui/filter-form.tsx';
import { addDays } from '../../marketplace/days.ts';
import { presetDays } from './search.ts';

interface HistoryFilterProps {
  from: string;
  until: string;
  coupon: number | undefined;
  today: string;
  onSearch: (filter: { from: string; until: string; coupon: number | undefined }) => void;
}

/** By day of application and coupon number. */
export function HistoryFilter({
  from: firstFrom,
  until: firstUntil,
  coupon: firstCoupon,
  today,
  onSearch,
}: HistoryFilterProps) {
  const { t } = useTranslation();
  const [from, setFrom] = useState(firstFrom);
  const [until, setUntil] = useState(firstUntil);
  const [coupon, setCoupon] = useState(firstCoupon === undefined ? '' : String(firstCoupon));
  const [checked, setChecked] = useState(false);
  const notNumber = coupon.trim() !== '' && !/^\d{1,15}$/.test(coupon.trim());
  const problem = periodProblem({ from, until });

  const search = () => {
    setChecked(true);
    if (problem !== null || notNumber) return;
    onSearch({ from, until, coupon: Number(coupon.trim()) || undefined });
  };

  return (
    <FilterForm label={t('history.filter')} onSearch={search}>
      <PeriodFields
        legend={t('push.appliedAt')}
        from={from}
        until={until}
        onChange={(period) => {
          setFrom(period.from);
          setUntil(period.until);
        }}
        error={checked && problem !== null ? t(problem) : null}
      />
      <Button.Group aria-label={t('history.presets')}>
        {presetDays.map((days) => {
          const chosen = until === today && from === addDays(today, -days);
          return (
            <Button
              key={days}
              variant={chosen ? 'light' : 'default'}
              aria-pressed={chosen}
              px="sm"
              onClick={() => onSearch({ from: addDays(today, -days), until: today, coupon: firstCoupon })}
            >
              {t('history.lastDays', { days })}
            </Button>
          );
        })}
      </Button.Group>
      <TextInput
        label={t('coupon.number')}
        inputMode="numeric"
        maxLength={15}
        value={coupon}
        onChange={(event) => setCoupon(event.currentTarget.value)}
        error={checked && notNumber ? t('history.numberOnly') : undefined}
      />
    </FilterForm>
  );
}
