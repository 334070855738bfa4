// Generated from the migrated database by scripts/generate-schema.ts ("npm run db:generate"). Do not edit.
// timestamptz is Date; date, numeric, uuid and text are string; bigint is number (beyond 2^53 the pool throws).
import type { Generated, GeneratedAlways } from 'kysely';

export type Channel = 'email' | 'app_push';

export type DeliveryState = 'none' | 'waiting' | 'retry' | 'sent' | 'failed' | 'gone';

export type Language = 'ja' | 'ko' | 'en';

export type QpostSource = 'push' | 'reminder' | 'notice' | 'inquiry';

export type QpostTab = 'notice' | 'inquiry' | 'shop_event';

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

export interface CompensationUploadTable {
  id: string;
  shop_id: number;
  file_name: string;
  uploaded_by: string;
  uploaded_at: Date;
}

export interface CompensationUploadRowTable {
  upload_id: string;
  row_no: number;
  order_no: string;
  outcome: 'matched' | 'same_customer' | 'not_found' | 'other_shop' | 'unreadable';
  customer_id: number | null;
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
  use_limit: number | null;
  budget_minor: number | null;
  state: Generated<'active' | 'stopped'>;
  created_by: string;
  created_at: Date;
  stopped_at: Date | null;
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

export interface DemoClockTable {
  id: Generated<number>;
  offset_ms: Generated<number>;
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
}

export interface ShopFeatureItemTable {
  feature_id: number;
  position: number;
  item_id: number;
}

export interface ShopMemberTable {
  shop_id: number;
  user_id: string;
  role: 'owner' | 'staff';
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
}

export interface SuppressionTable {
  customer_id: number;
  email: string;
  reason: string;
  code: string | null;
  push_id: number | null;
  suppressed_at: Date;
}

export interface WorkerProcessTable {
  lock_key: GeneratedAlways<number>;
  pool_id: string | null;
  host: string;
  pid: number;
  started_at: Generated<Date>;
}

export interface Schema {
  app_credential: AppCredentialTable;
  app_session: AppSessionTable;
  app_user: AppUserTable;
  app_verification: AppVerificationTable;
  banner: BannerTable;
  captured_mail: CapturedMailTable;
  category: CategoryTable;
  channel_progress: ChannelProgressTable;
  compensation_upload: CompensationUploadTable;
  compensation_upload_row: CompensationUploadRowTable;
  consent_record: ConsentRecordTable;
  coupon: CouponTable;
  customer: CustomerTable;
  customer_number: CustomerNumberTable;
  customer_order: CustomerOrderTable;
  demo_clock: DemoClockTable;
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
  secret: SecretTable;
  send_batch: SendBatchTable;
  shop: ShopTable;
  shop_feature: ShopFeatureTable;
  shop_feature_item: ShopFeatureItemTable;
  shop_member: ShopMemberTable;
  subscription: SubscriptionTable;
  suppression: SuppressionTable;
  worker_process: WorkerProcessTable;
}
