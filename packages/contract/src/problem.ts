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
  // people
  owner_only: 403,
  wrong_password: 400,
  two_factor_code_wrong: 400,
  two_factor_expired: 400,
  two_factor_locked: 429,
  two_factor_already_on: 409,
  two_factor_not_on: 409,
  last_owner: 409,
  already_member: 409,
  account_exists: 409,
  invitation_invalid: 404,
  invitation_expired: 410,
  invitation_used: 410,
  too_many_invitations: 429,
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
  feature_not_shown: 409,
  // compensation
  upload_not_found: 404,
  nobody_ticked: 409,
  // files of order numbers
  order_file_kind: 422,
  order_file_encrypted: 422,
  order_file_too_large: 413,
  order_file_too_many_rows: 422,
  order_file_too_slow: 422,
  order_file_macros: 422,
  order_file_formulas: 422,
  order_file_external_links: 422,
  order_file_empty: 422,
  // shop features
  feature_in_use: 409,
  // redemption
  api_key_invalid: 401,
  wrong_currency: 400,
  customer_unknown: 404,
  shop_unknown: 404,
  coupon_unknown: 404,
  coupon_other_customer: 409,
  coupon_other_shop: 409,
  coupon_used: 409,
  coupon_not_yet_valid: 409,
  coupon_expired: 409,
  coupon_minimum_not_reached: 409,
  coupon_no_discount: 409,
  coupon_limit_reached: 409,
  coupon_budget_used_up: 409,
  order_has_redemption: 409,
  order_rolled_back: 409,
  // notifications of mail providers
  notification_refused: 401,
  // customers' sign-in
  token_invalid: 401,
  token_expired: 401,
  token_used: 401,
  customer_keys_unreachable: 503,
  customer_sign_in_off: 503,
  // addresses of customers
  no_address: 409,
  address_verified_already: 409,
  // reminders
  reminder_before_slot: 409,
  // banners
  banner_wrong_size: 400,
  banner_wrong_type: 400,
  banner_too_large: 413,
  banner_animated: 400,
  banner_wrong_colours: 400,
  // test sends
  too_many_test_sends: 429,
  // customers' devices
  native_apps_off: 409,
  // demo
  not_a_demo: 404,
  no_slot_to_skip_to: 409,
  order_number_taken: 409,
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
