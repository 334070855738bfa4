import { z } from 'zod';

/**
 * Every refusal of the API: what clients decide on, and what they look the sentence up by (`error.<code>` in the
 * catalogues).
 */
export const errorStatus = {
  invalid_request: 400,
  not_signed_in: 401,
  sign_in_refused: 401,
  not_allowed: 403,
  not_found: 404,
  too_many_requests: 429,
  internal: 500,
  unavailable: 503,
  idempotency_key_reused: 422,
  idempotency_key_in_progress: 409,
  // shop coupons
  coupon_already_stopped: 409,
  coupon_not_active: 409,
  coupon_qstore_only: 409,
  coupon_not_valid_at_slot: 409,
  // pushes
  quota_taken: 409,
  slot_not_offered: 409,
  push_not_waiting: 409,
  push_too_late_to_cancel: 409,
  uncancellable_not_confirmed: 409,
  item_not_found: 409,
  no_items: 409,
  banner_not_found: 409,
  feature_not_found: 409,
  // banners
  banner_wrong_size: 400,
  banner_wrong_type: 400,
  banner_too_large: 413,
  // demo
  not_a_demo: 404,
  no_slot_to_skip_to: 409,
} as const;

export type ErrorCode = keyof typeof errorStatus;
export const errorCodes = Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]];

/**
 * What is wrong with one field. `field` is a path as in `coupon.amountMinor`; `code` is looked up as `field.<code>` in
 * the catalogues, `params` are filled into that sentence.
 */
export const fieldErrorSchema = z.object({
  field: z.string(),
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type FieldError = z.infer<typeof fieldErrorSchema>;

/** RFC 9457 problem details, as `application/problem+json`. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.enum(errorCodes),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.null()])).default({}),
  fields: z.array(fieldErrorSchema).optional(),
  requestId: z.string().optional(),
});
export type Problem = z.infer<typeof problemSchema>;
