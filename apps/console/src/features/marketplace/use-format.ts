import {
  formatDay,
  formatMoment,
  formatMoney,
  formatNumber,
  formatPercent,
  formatTime,
  formatTimestamp,
  minorUnitsPer,
  zoneName,
} from '@coupon-push/i18n/format.ts';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useLanguage } from '../../lib/i18n.ts';
import { marketplaceQuery } from './api/get-marketplace.ts';

export interface Format {
  number: (value: number) => string;
  /** Of a share from 0 to 1. */
  percent: (share: number) => string;
  /** With the currency, as in `2,000円`. */
  money: (amountMinor: number) => string;
  /** Without, as in the guides' `500 / 1,700 (JPY)`. */
  amount: (amountMinor: number) => string;
  moment: (instant: string | Date) => string;
  /** Of a day that is clear without saying: `10:00 JST`. */
  time: (instant: string | Date) => string;
  timestamp: (instant: string | Date) => string;
  day: (day: string) => string;
  zone: string;
  zoneName: string;
  currency: string;
  minorUnits: number;
}

/** Figures, money and times as this marketplace and this language write them. */
export function useFormat(): Format {
  const { data: marketplace } = useSuspenseQuery(marketplaceQuery);
  const language = useLanguage();
  const { currency, zone } = marketplace;
  return useMemo(() => {
    const minorUnits = minorUnitsPer(currency);
    return {
      number: (value) => formatNumber(value, language),
      percent: (share) => formatPercent(share, language),
      money: (amountMinor) => formatMoney(amountMinor, currency, language),
      amount: (amountMinor) => formatNumber(amountMinor / minorUnits, language),
      moment: (instant) => formatMoment(instant, zone, language),
      time: (instant) => formatTime(instant, zone, language),
      timestamp: (instant) => `${formatTimestamp(instant, zone, language)} ${zoneName(zone)}`,
      day: (day) => formatDay(day, language),
      zone,
      zoneName: zoneName(zone),
      currency,
      minorUnits,
    };
  }, [currency, zone, language]);
}
