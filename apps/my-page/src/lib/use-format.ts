import { formatDay, formatMoment, formatMoney } from '@coupon-push/i18n/format.ts';
import { useMarketplace } from '../features/marketplace/marketplace.tsx';
import { useText } from './i18n.ts';

/** Money and times in the app's language and the marketplace's zone. */
export function useFormat() {
  const { language } = useText();
  const { currency, zone, aheadMs } = useMarketplace();
  return {
    money: (minor: number) => formatMoney(minor, currency, language),
    /** `11/25（水）10:00 JST` */
    moment: (instant: string) => formatMoment(instant, zone, language),
    /** The calendar day of a moment, in the marketplace's zone. */
    dayOf: (instant: string) =>
      formatDay(new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(new Date(instant)), language),
    day: (day: string) => formatDay(day, language),
    /** The marketplace's clock, ms since the epoch. */
    now: () => Date.now() + aheadMs,
  };
}
