// Apart from the schemas, so that My Page can have them without carrying zod.

/** The views of the coupon box. */
export const myCouponStates = ['usable', 'used', 'expired'] as const;

/** The tabs of Qpost. */
export const qpostTabs = ['notice', 'inquiry', 'shop_event'] as const;
export type QpostTab = (typeof qpostTabs)[number];
