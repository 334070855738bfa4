import { z } from 'zod';
import { daySchema, idSchema, instantSchema } from './common.ts';

/** The weekly quota of a shop for one calendar week, Monday to Sunday in the marketplace's zone (spec 3.2). */
export const quotaSchema = z.object({
  weekFrom: daySchema,
  weekUntil: daySchema,
  allowed: z.number().int(),
  used: z.number().int(),
  /** The pushes that use it. */
  pushes: z.array(z.object({ id: idSchema, slot: instantSchema })),
});
export type Quota = z.infer<typeof quotaSchema>;

export const slotSchema = z.object({
  /** Wall time in the marketplace's zone, `10:00`. */
  time: z.string(),
  slot: instantSchema,
  cancelUntil: instantSchema,
  /** False: the slot is closer than the cancel deadline; it may be applied for after a warning (spec 3.4). */
  cancellable: z.boolean(),
});
export type Slot = z.infer<typeof slotSchema>;

/** GET /api/shops/:shopId/slots */
export const slotsSchema = z.object({
  zone: z.string(),
  now: instantSchema,
  dates: z.array(z.object({ date: daySchema, weekFull: z.boolean(), slots: z.array(slotSchema) })),
  /** The weeks that the dates fall in, and this week. */
  quotas: z.array(quotaSchema),
  thisWeek: quotaSchema,
  /** The first slot that can be applied for; null when every offered one falls in a full week. */
  nextFree: instantSchema.nullable(),
  /** When nothing is free now: the day from which a slot becomes applicable. */
  nextFreeFrom: daySchema.nullable(),
});
export type Slots = z.infer<typeof slotsSchema>;
