import { Button, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DayInput } from '../../../ui/day-input.tsx';
import { FieldErrorText } from '../../../ui/form-row.tsx';
import { addDays } from '../../marketplace/days.ts';
import classes from './history.module.css';
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
  const backwards = from !== '' && until !== '' && until < from;
  const notNumber = coupon.trim() !== '' && !/^\d{1,15}$/.test(coupon.trim());
  const periodError =
    from === '' || until === '' ? t('history.periodNeeded') : backwards ? t('history.backwards') : null;

  return (
    <search>
      <form
        className={classes.filter}
        aria-label={t('history.filter')}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setChecked(true);
          if (periodError !== null || notNumber) return;
          onSearch({ from, until, coupon: Number(coupon.trim()) || undefined });
        }}
      >
        <fieldset className={classes.field}>
          <legend>{t('push.appliedAt')}</legend>
          <div className={classes.period}>
            <DayInput
              label={t('history.from')}
              value={from}
              onChange={setFrom}
              error={checked && periodError !== null}
            />
            <span>~</span>
            <DayInput
              label={t('history.until')}
              value={until}
              onChange={setUntil}
              error={checked && periodError !== null}
            />
          </div>
          {checked && periodError !== null && <FieldErrorText>{periodError}</FieldErrorText>}
        </fieldset>
        <fieldset className={classes.field} aria-label={t('history.presets')}>
          <Button.Group>
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
        </fieldset>
        <div className={classes.field}>
          <label htmlFor="history-coupon">{t('coupon.number')}</label>
          <TextInput
            id="history-coupon"
            inputMode="numeric"
            maxLength={15}
            value={coupon}
            onChange={(event) => setCoupon(event.currentTarget.value)}
            error={checked && notNumber}
          />
          {checked && notNumber && <FieldErrorText>{t('history.numberOnly')}</FieldErrorText>}
        </div>
        <Button type="submit" variant="default" leftSection={<IconSearch size={16} />}>
          {t('history.search')}
        </Button>
      </form>
    </search>
  );
}
