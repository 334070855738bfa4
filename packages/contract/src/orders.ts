import { z } from 'zod';
import { daySchema, instantSchema, moneySchema, pageOf, pageQuery } from './common.ts';
import { orderStates } from './shop-limits.ts';

export const orderStateSchema = z.enum(orderStates);

/**
 * `customer`: up to three characters are looked for at the beginning of the part of an ID or e-mail that a seller sees
 * anyway; anything longer has to be a whole customer number, ID or e-mail, so that nobody's address can be found out
 * letter by letter. `orderNo`: the whole number.
 */
const filter = {
  from: daySchema.optional(),
  until: daySchema.optional(),
  state: orderStateSchema.optional(),
  customer: z.string().trim().max(200).optional(),
  orderNo: z.string().trim().max(100).optional(),
};
const ordered = (query: { from?: string | undefined; until?: string | undefined }) =>
  query.from === undefined || query.until === undefined || query.from <= query.until;
const backwards = { path: ['until'], params: { code: 'until_before_from' } };

/** GET /api/shops/:shopId/orders; newest first, both days inclusive. */
export const orderListQuery = pageQuery.extend(filter).refine(ordered, backwards);

/** GET /api/shops/:shopId/orders/numbers and /orders/export: the same orders, all at once. */
export const orderFilterQuery = z.object(filter).refine(ordered, backwards);

export const orderSchema = z.object({
  orderNo: z.string(),
  orderedAt: instantSchema,
  totalMinor: moneySchema,
  state: orderStateSchema,
  /** ID or e-mail, masked. */
  customer: z.string(),
});
export type Order = z.infer<typeof orderSchema>;
export const orderPage = pageOf(orderSchema);

/** `more`: there are more than can be compensated at once. */
export const orderNumbers = z.object({ orderNos: z.array(z.string()), more: z.boolean() });
