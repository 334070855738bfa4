// Generated from the migrated database by scripts/generate-schema.ts ("npm run db:generate"). Do not edit.
// timestamptz is Date; date, numeric, uuid and text are string; bigint is number (beyond 2^53 the pool throws).
import type { Generated, GeneratedAlways } from 'kysely';

export type Channel = 'email' | 'app_push' | 'reminder';

export type DeliveryState = 'none' | 'waiting' | 'retry' | 'sent' | 'failed' | 'gone';

export type Language = 'ja' | 'ko' | 'en';

export type QpostSource = 'push' | 'reminder' | 'notice' | 'inquiry';

export type QpostTab = 'notice' | 'inquiry' | 'shop_event';

export interface ApiKeyTable {
  id: GeneratedAlways<number>;
  name: string;
  /** SHA-256 of the secret, which has 256 random bits and is shown once */
  hash: string;
  created_at: Generated<Date>;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

export interface AppCredentialTable {
  id: string;
  user_id: string;
  account_id: string;
  provider_id: string;
  access_token: string | null;
  refresh_token: string | null;
  id_token: string | null;
  access_token_expires_at: Date | null;
  refresh_token_expires_at: Date | null;
  scope: string | null;
  password: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface AppSessionTable {
  id: string;
  user_id: string;
  token: string;
  expires_at: Date;
  ip_address: string | null;
  user_agent: string | null;
  impersonated_by: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

/** secret and backup codes are encrypted with the sign-in secret */
export interface AppTwoFactorTable {
  id: string;
  user_id: string;
  secret: string;
  backup_codes: string;
  verified: Generated<boolean>;
  failed_verification_count: Generated<number>;
  locked_until: Date | null;
  /** SHA-256 of the codes accepted last: none is accepted twice (RFC 6238 5.2) */
  used_codes: Generated<string[]>;
  used_at: Date | null;
}

export interface AppUserTable {
  id: string;
  name: string;
  email: string;
  email_verified: Generated<boolean>;
  image: string | null;
  role: Generated<'seller' | 'operator'>;
  language: Generated<Language>;
  banned: Generated<boolean>;
  ban_reason: string | null;
  ban_expires: Date | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  two_factor_enabled: Generated<boolean>;
}

export interface AppVerificationTable {
  id: string;
  identifier: string;
  value: string;
  expires_at: Date;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

export interface BannerTable {
  id: GeneratedAlways<number>;
  shop_id: number;
  image_hash: string;
  uploaded_by: string;
  uploaded_at: Date;
}

/** an e-mail that came back, or was complained about; one row per message, whatever is heard of it how often */
export interface BounceTable {
  customer_id: number;
  push_id: number;
  /** hard: no such address; disabled: 5.2.1; soft: temporary; ours: about us; complaint: reported as unwanted. The strongest that was heard */
  class: 'hard' | 'disabled' | 'soft' | 'ours' | 'complaint';
  /** enhanced status code (RFC 3463) */
  status: string | null;
  /** what the other side said; for the operator, it can name addresses */
  reason: string;
  /** refusal: the mail server said so at once, and the ledger has it; otherwise who reported it later */
  heard_from: string;
  bounced_at: Date;
}

/** kept up in the transaction that writes bounce, never counted; without refusals */
export interface BounceCountTable {
  push_id: number;
  class: string;
  customers: number;
}

export interface CapturedMailTable {
  id: GeneratedAlways<number>;
  to_address: string;
  from_address: string;
  subject: string;
  /** the mail's own date: the marketplace's clock, which the demo can move */
  received_at: Date;
  raw: Buffer;
}

export interface CategoryTable {
  id: GeneratedAlways<number>;
  parent_id: number | null;
  level: number;
  name: string;
}

/** kept up in the transaction that writes results, never counted */
export interface ChannelProgressTable {
  push_id: number;
  channel: Channel;
  owed: Generated<number>;
  sent: Generated<number>;
  failed: Generated<number>;
  gone: Generated<number>;
  retries: Generated<number>;
  in_doubt: Generated<number>;
  batches: Generated<number>;
  batches_finished: Generated<number>;
  paused_reason: string | null;
  pauses: Generated<number>;
}

/** the customers that an upload names, each once */
export interface CompensationRecipientTable {
  upload_id: string;
  /** 1, 2, 3 ... in the order of the file: what pages and ticks go by, so that no customer_id leaves the server */
  place: number;
  customer_id: number;
  /** where the first of order_nos stood, which are in the order of the file */
  row_no: number;
  order_nos: string[];
}

export interface CompensationUploadTable {
  id: string;
  shop_id: number;
  file_name: string;
  uploaded_by: string;
  uploaded_at: Date;
  source: Generated<'file' | 'orders'>;
  sheet: string | null;
  column_name: string | null;
  /** rows by outcome, counted once: the rows never change. As many as there are customers */
  matched: Generated<number>;
  same_customer: Generated<number>;
  not_found: Generated<number>;
  other_shop: Generated<number>;
  unreadable: Generated<number>;
  /** when it is forgotten, unless an application uses it before */
  expires_at: Generated<Date>;
}

/** rows that add nobody; the first row of a customer stands in compensation_recipient, so that nothing is written twice */
export interface CompensationUploadRowTable {
  upload_id: string;
  row_no: number;
  /** null: unreadable */
  order_no: string | null;
  outcome: 'matched' | 'same_customer' | 'not_found' | 'other_shop' | 'unreadable';
  customer_id: number | null;
  /** what stood there; null: the order number as it is */
  cell: string | null;
}

/** when, how and where a consent was given or withdrawn; kept 3 years (jp) */
export interface ConsentRecordTable {
  customer_id: number;
  id: GeneratedAlways<number>;
  kind: 'coupon_mail' | 'app_push' | 'night_messages' | 'shop';
  shop_id: number | null;
  given: boolean;
  how: string;
  source: string;
  recorded_at: Date;
}

export interface CouponTable {
  /** the coupon number that sellers see */
  id: GeneratedAlways<number>;
  shop_id: number;
  name: string;
  discount_kind: 'amount' | 'percent';
  amount_minor: number | null;
  percent: number | null;
  max_amount_minor: number | null;
  min_purchase_minor: Generated<number>;
  validity_kind: 'period' | 'days';
  valid_from: string | null;
  /** last day of validity, marketplace zone, inclusive */
  valid_until: string | null;
  valid_days: number | null;
  qstore_only: Generated<boolean>;
  /** at most so many are used, and at most so many issued; null: any number */
  use_limit: number | null;
  /** at most so much discount in all; null: any */
  budget_minor: number | null;
  state: Generated<'active' | 'stopped'>;
  created_by: string;
  created_at: Date;
  stopped_at: Date | null;
  issued_count: Generated<number>;
  /** with a limit or budget only, as are issued_count and spent_minor */
  used_count: Generated<number>;
  spent_minor: Generated<number>;
}

/** kept up in the transactions that issue and redeem, never counted */
export interface CouponDailyTable {
  push_id: number;
  /** in the marketplace's zone: of the issue, or of the redemption */
  day: string;
  slot: number;
  issued: Generated<number>;
  used: Generated<number>;
  discount_minor: Generated<number>;
  /** the carts that the coupon was used for */
  sales_minor: Generated<number>;
}

export interface CustomerTable {
  customer_id: number;
  customer_no: string;
  login_id: string | null;
  name: string | null;
  email: string | null;
  email_verified_at: Date | null;
  language: Language;
  refuses_coupon_mail: Generated<boolean>;
  accepts_app_push: Generated<boolean>;
  accepts_night_messages: Generated<boolean>;
  mail_suppressed_at: Date | null;
  left_at: Date | null;
  created_at: Generated<Date>;
  held_back: GeneratedAlways<string | null>;
}

/** the marketplace's key of a customer to ours (unique across shards) */
export interface CustomerNumberTable {
  customer_no: string;
  customer_id: number;
}

export interface CustomerOrderTable {
  customer_id: number;
  order_no: string;
  shop_id: number;
  ordered_at: Date;
  total_minor: number;
  state: Generated<'paid' | 'shipped' | 'delivered' | 'cancelled'>;
}

/** SHA-256 of the cookie, which has 256 random bits */
export interface CustomerSessionTable {
  token_hash: string;
  customer_id: number;
  created_at: Date;
  expires_at: Date;
}

/** sign-in tokens of the marketplace are good once: kept until they would have expired */
export interface CustomerTokenUsedTable {
  jti: string;
  expires_at: Date;
}

/** recipients whom a channel did not reach for good; kind is what sellers are told */
export interface DeliveryFailureTable {
  push_id: number;
  customer_id: number;
  channel: Channel;
  state: DeliveryState;
  kind: string;
}

export interface DeliveryFailureCountTable {
  push_id: number;
  channel: Channel;
  kind: string;
  customers: number;
}

export interface DemoClockTable {
  id: Generated<number>;
  offset_ms: Generated<number>;
}

/** when a link was last asked for; the link itself is kept nowhere */
export interface EmailVerificationTable {
  customer_id: number;
  requested_at: Date;
}

export interface ExclusionTable {
  push_id: number;
  customer_id: number;
  reason: string;
}

export interface FellowTable {
  customer_id: number;
  shop_id: number;
  registered_at: Date;
  muted_at: Date | null;
  held_back: string | null;
}

export interface IdempotencyKeyTable {
  user_id: string;
  key: string;
  request_hash: string;
  status: number | null;
  response: unknown;
  created_at: Generated<Date>;
}

/** by SHA-256 of the re-encoded bytes: the same picture is kept once */
export interface ImageTable {
  hash: string;
  content_type: string;
  width: number;
  height: number;
  bytes: Buffer;
  created_at: Generated<Date>;
}

export interface ImportRunTable {
  id: GeneratedAlways<number>;
  kind: 'customers' | 'items' | 'orders' | 'fellows';
  file_name: string;
  rows_read: number;
  rows_written: number;
  rows_rejected: number;
  started_at: Date;
  finished_at: Date;
}

export interface IssueRangeTable {
  push_id: number;
  range_no: number;
  from_customer_id: number;
  until_customer_id: number;
  issued_at: Date | null;
}

export interface IssuedCouponTable {
  customer_id: number;
  push_id: number;
  coupon_id: number;
  shop_id: number;
  issued_at: Date;
  valid_from: Date;
  /** the first moment at which it is no longer valid */
  valid_until: Date;
  used_at: Date | null;
  used_order_no: string | null;
  discount_minor: number | null;
}

export interface ItemTable {
  id: GeneratedAlways<number>;
  shop_id: number;
  item_no: string;
  name: string;
  /** name and number, NFKC, lower case: what a keyword is looked for in */
  search_text: string;
  price_minor: number;
  image_url: string | null;
  large_category_id: number | null;
  middle_category_id: number | null;
  small_category_id: number | null;
  sales_rank: number | null;
  on_sale: Generated<boolean>;
  updated_at: Generated<Date>;
}

export interface MarketplaceTable {
  id: Generated<number>;
  name: string;
  language: Generated<Language>;
  currency: Generated<string>;
  zone: Generated<string>;
  policy_profile: Generated<'jp' | 'kr'>;
  sender_name: string;
  sender_postal_address: string;
  sender_email: string;
  contact_url: string;
  shop_url_template: string;
  /** link to an item: {shop} and {item} are filled in */
  item_url_template: string;
  feature_url_template: string;
  coupon_box_url: string;
  qpost_url: string;
  demo: Generated<boolean>;
  created_at: Generated<Date>;
}

/** an order number to its shop and customer (unique across shards) */
export interface OrderNumberTable {
  order_no: string;
  shop_id: number;
  customer_id: number;
}

/** the operator's own values; what is not here comes from the profile */
export interface PolicyTable {
  key: string;
  value: unknown;
}

export interface PolicyChangeTable {
  id: GeneratedAlways<number>;
  key: string;
  old_value: unknown;
  new_value: unknown;
  changed_by: string;
  changed_at: Date;
}

export interface PushTable {
  id: GeneratedAlways<number>;
  shop_id: number;
  type: 'promotion' | 'compensation';
  state: Generated<'waiting' | 'sending' | 'sent' | 'partly_sent' | 'cancelled' | 'not_sent'>;
  coupon_id: number;
  /** the terms when it was applied for (spec 3.12) */
  coupon_terms: unknown;
  items_mode: 'rank' | 'chosen';
  items_count: number;
  registered_from: string | null;
  registered_until: string | null;
  slot: Date;
  /** Monday of the slot's week in the marketplace's zone */
  slot_week: string;
  quota_place: Generated<number>;
  banner_id: number | null;
  link_kind: 'shop' | 'item' | 'feature' | null;
  link_item_id: number | null;
  link_feature_id: number | null;
  /** best items, banner and link, frozen at dispatch (spec 3.5) */
  content: unknown;
  applied_by: string;
  applied_at: Date;
  cancelled_by: string | null;
  cancelled_at: Date | null;
  dispatched_at: Date | null;
  issued_at: Date | null;
  finished_at: Date | null;
  not_sent_reason: string | null;
  paused_reason: string | null;
  /** the operator let a push that was a day late go out all the same (spec 6) */
  released_at: Date | null;
  /** of a compensation: how many were ticked, rows of push_target */
  target_customers: number | null;
  target_orders: number | null;
  /** who has not used the coupon is reminded so many days before its last day; null: nobody is */
  remind_days: number | null;
}

/** the timeline of a push: applied, dispatched, issued, paused, finished ... */
export interface PushEventTable {
  id: GeneratedAlways<number>;
  push_id: number;
  kind: string;
  detail: Generated<unknown>;
  happened_at: Date;
}

export interface PushExclusionCountTable {
  push_id: number;
  reason: string;
  customers: number;
}

export interface PushItemTable {
  push_id: number;
  position: number;
  item_id: number;
}

/** e-mail, Qpost and app push, rendered once per push and language */
export interface PushMessageTable {
  push_id: number;
  language: Language;
  message: unknown;
}

export interface PushProgressTable {
  push_id: number;
  matching: Generated<number>;
  recipients: Generated<number>;
  ranges: Generated<number>;
  ranges_issued: Generated<number>;
}

/** who a compensation push is for: the customers that the seller ticked */
export interface PushTargetTable {
  push_id: number;
  customer_id: number;
  order_nos: string[];
}

/** its text is rendered from what source_id names (a push's message): a row stays small */
export interface QpostMessageTable {
  customer_id: number;
  source: QpostSource;
  source_id: number;
  tab: QpostTab;
  shop_id: number | null;
  sent_at: Date;
  read_at: Date | null;
  deleted_at: Date | null;
}

/** the ledger: one row per recipient of a push; exactly once by its primary key */
export interface RecipientTable {
  push_id: number;
  customer_id: number;
  email_state: DeliveryState;
  email_attempts: Generated<number>;
  /** an attempt's answer was never heard; it was sent again */
  email_in_doubt: Generated<boolean>;
  email_at: Date | null;
  email_error: string | null;
  app_push_state: DeliveryState;
  app_push_attempts: Generated<number>;
  app_push_in_doubt: Generated<boolean>;
  app_push_at: Date | null;
  app_push_error: string | null;
}

export interface RedemptionTable {
  customer_id: number;
  push_id: number;
  order_no: string;
  coupon_id: number;
  shop_id: number;
  cart_minor: number;
  discount_minor: number;
  redeemed_at: Date;
  rolled_back_at: Date | null;
}

/** an order number to the coupon it used (unique across shards) */
export interface RedemptionOrderTable {
  order_no: string;
  customer_id: number | null;
  push_id: number | null;
  rolled_back_at: Date | null;
}

/** one round of reminders of a push; it goes through the ranges that were issued */
export interface ReminderTable {
  push_id: number;
  due_at: Date;
  next_range: Generated<number>;
  customers: Generated<number>;
  finished_at: Date | null;
}

/** the ledger of reminders by app push; a Qpost reminder is its row in qpost_message */
export interface ReminderRecipientTable {
  push_id: number;
  customer_id: number;
  state: DeliveryState;
  attempts: Generated<number>;
  in_doubt: Generated<boolean>;
  sent_at: Date | null;
  error: string | null;
}

/** keys made at first start: sign-in, unsubscribe tokens, VAPID */
export interface SecretTable {
  name: string;
  value: string;
  created_at: Generated<Date>;
}

export interface SendBatchTable {
  push_id: number;
  channel: Channel;
  batch_no: number;
  from_customer_id: number;
  until_customer_id: number;
  owed: number;
  in_flight_from: number | null;
  in_flight_until: number | null;
  attempts: Generated<number>;
  finished_at: Date | null;
}

/** null: no limit of this kind */
export interface SendingLimitTable {
  channel: 'email' | 'web_push' | 'fcm';
  messages_per_second: number | null;
  connections: number | null;
  messages_per_connection: number | null;
  /** the first moment that was not given out to a worker yet; by the clock of the database, never the demo's */
  next_at: Generated<Date>;
}

export interface SendingLimitChangeTable {
  id: GeneratedAlways<number>;
  channel: string;
  old_value: unknown;
  new_value: unknown;
  changed_by: string;
  changed_at: Date;
}

export interface ShopTable {
  id: GeneratedAlways<number>;
  /** the marketplace's own key of the shop */
  shop_no: string;
  name: string;
  created_at: Generated<Date>;
}

export interface ShopFeatureTable {
  id: GeneratedAlways<number>;
  shop_id: number;
  title: string;
  starts_on: string | null;
  ends_on: string | null;
  created_at: Generated<Date>;
  /** gone for the shop; kept for the pushes that linked to it */
  deleted_at: Date | null;
}

export interface ShopFeatureItemTable {
  feature_id: number;
  position: number;
  item_id: number;
}

export interface ShopInvitationTable {
  id: GeneratedAlways<number>;
  shop_id: number;
  email: string;
  role: 'owner' | 'staff';
  /** the inviter's: what the e-mail is written in */
  language: Language;
  invited_by: string;
  invited_at: Date;
  expires_at: Date;
  mail_state: Generated<'waiting' | 'sent' | 'failed'>;
  accepted_by: string | null;
  accepted_at: Date | null;
  withdrawn_by: string | null;
  withdrawn_at: Date | null;
}

/** SHA-256 of each link to an invitation: the one shown to the owner, and the ones that were mailed */
export interface ShopInvitationTokenTable {
  token_hash: string;
  invitation_id: number;
}

export interface ShopMemberTable {
  shop_id: number;
  user_id: string;
  role: 'owner' | 'staff';
  joined_at: Generated<Date>;
}

/** who did what about the people of a shop, and when */
export interface ShopMemberEventTable {
  id: GeneratedAlways<number>;
  shop_id: number;
  kind: 'invited' | 'withdrawn' | 'joined' | 'role_changed' | 'removed';
  user_id: string | null;
  email: string;
  /** after the change; null: removed or withdrawn */
  role: string | null;
  done_by: string;
  happened_at: Date;
}

export interface SubscriptionTable {
  customer_id: number;
  id: GeneratedAlways<number>;
  transport: 'web_push' | 'fcm';
  endpoint: string;
  p256dh: string | null;
  auth: string | null;
  vapid_key: string | null;
  created_at: Date;
  last_sent_at: Date | null;
  /** when its app last said that it is there; of more devices than a customer may have, the one that was silent longest leaves */
  confirmed_at: Generated<Date>;
}

export interface SuppressionTable {
  customer_id: number;
  email: string;
  reason: string;
  code: string | null;
  push_id: number | null;
  suppressed_at: Date;
}

/** a push's e-mail sent to the seller who asked for it; forgotten after some days */
export interface TestSendTable {
  id: GeneratedAlways<number>;
  shop_id: number;
  user_id: string;
  /** coupon, items and banner by number, as in a preview; never an address */
  choices: unknown;
  created_at: Date;
}

export interface TestSendMailTable {
  test_send_id: number;
  language: Language;
  state: Generated<'waiting' | 'sent' | 'failed'>;
  attempts: Generated<number>;
  reason: 'choices_gone' | 'address_refused' | 'mail_server' | null;
  finished_at: Date | null;
}

/** notifications of mail providers that are good once; kept as long as they would be taken */
export interface UsedNotificationTable {
  id: string;
  used_at: Date;
}

export interface WorkerProcessTable {
  lock_key: GeneratedAlways<number>;
  pool_id: string | null;
  host: string;
  pid: number;
  started_at: Generated<Date>;
}

export interface Schema {
  api_key: ApiKeyTable;
  app_credential: AppCredentialTable;
  app_session: AppSessionTable;
  app_two_factor: AppTwoFactorTable;
  app_user: AppUserTable;
  app_verification: AppVerificationTable;
  banner: BannerTable;
  bounce: BounceTable;
  bounce_count: BounceCountTable;
  captured_mail: CapturedMailTable;
  category: CategoryTable;
  channel_progress: ChannelProgressTable;
  compensation_recipient: CompensationRecipientTable;
  compensation_upload: CompensationUploadTable;
  compensation_upload_row: CompensationUploadRowTable;
  consent_record: ConsentRecordTable;
  coupon: CouponTable;
  coupon_daily: CouponDailyTable;
  customer: CustomerTable;
  customer_number: CustomerNumberTable;
  customer_order: CustomerOrderTable;
  customer_session: CustomerSessionTable;
  customer_token_used: CustomerTokenUsedTable;
  delivery_failure: DeliveryFailureTable;
  delivery_failure_count: DeliveryFailureCountTable;
  demo_clock: DemoClockTable;
  email_verification: EmailVerificationTable;
  exclusion: ExclusionTable;
  fellow: FellowTable;
  idempotency_key: IdempotencyKeyTable;
  image: ImageTable;
  import_run: ImportRunTable;
  issue_range: IssueRangeTable;
  issued_coupon: IssuedCouponTable;
  item: ItemTable;
  marketplace: MarketplaceTable;
  order_number: OrderNumberTable;
  policy: PolicyTable;
  policy_change: PolicyChangeTable;
  push: PushTable;
  push_event: PushEventTable;
  push_exclusion_count: PushExclusionCountTable;
  push_item: PushItemTable;
  push_message: PushMessageTable;
  push_progress: PushProgressTable;
  push_target: PushTargetTable;
  qpost_message: QpostMessageTable;
  recipient: RecipientTable;
  redemption: RedemptionTable;
  redemption_order: RedemptionOrderTable;
  reminder: ReminderTable;
  reminder_recipient: ReminderRecipientTable;
  secret: SecretTable;
  send_batch: SendBatchTable;
  sending_limit: SendingLimitTable;
  sending_limit_change: SendingLimitChangeTable;
  shop: ShopTable;
  shop_feature: ShopFeatureTable;
  shop_feature_item: ShopFeatureItemTable;
  shop_invitation: ShopInvitationTable;
  shop_invitation_token: ShopInvitationTokenTable;
  shop_member: ShopMemberTable;
  shop_member_event: ShopMemberEventTable;
  subscription: SubscriptionTable;
  suppression: SuppressionTable;
  test_send: TestSendTable;
  test_send_mail: TestSendMailTable;
  used_notification: UsedNotificationTable;
  worker_process: WorkerProcessTable;
}
