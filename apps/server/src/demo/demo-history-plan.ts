import type { CouponTerms } from '@coupon-push/contract/coupons.ts';

type CouponName = 'thanks' | 'sorry' | 'weekend' | 'arrivals';

/** One push of a shop's past, told from this week on. */
export interface PastPush {
  weeksAgo: number;
  /** 1: Monday. */
  weekday: number;
  time: string;
  type: 'promotion' | 'compensation';
  coupon: CouponName;
  terms: Omit<CouponTerms, 'name'>;
  cancelled: boolean;
  /** Some did not get their e-mail. */
  failures: boolean;
  /** Of the orders that recipients placed within the validity, how many used the coupon. */
  useShare: number;
  /** Of the recipients of a small shop, how many place an order because of it. */
  orderShare: number;
}

const shared = { type: 'promotion', cancelled: false, failures: false } as const;
const days = { validity: { kind: 'days', days: 30 }, qstoreOnly: false } as const;
const thanks = { ...days, discount: { kind: 'amount', amountMinor: 300 }, minPurchaseMinor: 1500 } as const;
const sorry = { ...days, discount: { kind: 'amount', amountMinor: 500 }, minPurchaseMinor: 0 } as const;
const percent = { kind: 'percent', percent: 10, maxAmountMinor: 1000 } as const;
const weekend = { ...days, discount: percent, minPurchaseMinor: 2000 } as const;
const arrivals = { ...days, discount: { kind: 'amount', amountMinor: 400 }, minPurchaseMinor: 2500 } as const;

/** At most one a week that was not cancelled, as the rules have it (spec 3.2). */
export const pastPushes: readonly PastPush[] = [
  {
    ...shared,
    weeksAgo: 5,
    weekday: 3,
    time: '20:00',
    coupon: 'thanks',
    terms: thanks,
    useShare: 0.5,
    orderShare: 0.15,
  },
  {
    ...shared,
    weeksAgo: 4,
    weekday: 5,
    time: '10:00',
    type: 'compensation',
    coupon: 'sorry',
    terms: sorry,
    useShare: 0.9,
    orderShare: 0.5,
  },
  {
    ...shared,
    weeksAgo: 2,
    weekday: 2,
    time: '12:00',
    coupon: 'weekend',
    terms: weekend,
    cancelled: true,
    useShare: 0,
    orderShare: 0,
  },
  {
    ...shared,
    weeksAgo: 2,
    weekday: 5,
    time: '19:00',
    coupon: 'weekend',
    terms: weekend,
    failures: true,
    useShare: 0.6,
    orderShare: 0.12,
  },
  {
    ...shared,
    weeksAgo: 1,
    weekday: 7,
    time: '19:00',
    coupon: 'arrivals',
    terms: arrivals,
    useShare: 0.6,
    orderShare: 0.1,
  },
];

/** By shop number. */
export const couponNames: Record<string, Record<CouponName, string>> = {
  'online-retail': {
    thanks: 'Thank you',
    sorry: 'Sorry for the delay',
    weekend: 'Weekend 10%',
    arrivals: 'New arrivals',
  },
  hanamidori: {
    thanks: '感謝の300円クーポン',
    sorry: 'お詫びクーポン',
    weekend: '週末10%クーポン',
    arrivals: '新着商品クーポン',
  },
  'seoul-bloom': {
    thanks: '감사 300엔 쿠폰',
    sorry: '배송 지연 사과 쿠폰',
    weekend: '주말 10% 쿠폰',
    arrivals: '신상품 쿠폰',
  },
};

/** How the order numbers of the small shops begin; the large one has orders enough. */
export const orderPrefixes: Record<string, string> = { hanamidori: 'HM', 'seoul-bloom': 'SB' };
