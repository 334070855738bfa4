import { z } from 'zod';
import { daySchema, idParam, idSchema, instantSchema, languageSchema, pageOf, pageQuery } from './common.ts';
import { discountSchema } from './coupons.ts';
import { webPushDevice } from './devices.ts';
import { itemSchema } from './items.ts';
import { myCouponStates, qpostTabs } from './my-page-states.ts';

// My Page: what a signed-in customer sees and decides. The customer is in the session, never in the request. Shops have the
// marketplace's own numbers.

const shopNo = z.string().regex(/^\P{Cc}{1,64}$/u);
const shopSchema = z.object({ shopNo: z.string(), name: z.string() });

/** GET /api/my/marketplace: what every page needs of it; for everybody, and the same for a minute. */
export const myMarketplaceSchema = z.object({
  name: z.string(),
  language: languageSchema,
  currency: z.string(),
  zone: z.string(),
  contactUrl: z.string(),
  senderName: z.string(),
  senderPostalAddress: z.string(),
  /**
   * Where customers sign in: `{next}` stands for the page of My Page to come back to, escaped. The marketplace leads on to
   * /my/enter with its token and this `next`. Null: not set up.
   */
  signInUrl: z.string().nullable(),
  /** The demo: there are customers to act as. */
  actAs: z.boolean(),
  /** The product's clock, which the demo can move. */
  now: instantSchema,
});
export type MyMarketplace = z.infer<typeof myMarketplaceSchema>;

/**
 * PUT /api/my/devices: app pushes in this browser, as `PushSubscription.toJSON()` says it. My Page sends it when the customer
 * has agreed, and at each start of a browser that is subscribed: so the device stays known, and becomes that of who is
 * signed in now. Before signing out it removes it: whoever uses the browser next must not see this customer's pushes. GET tells
 * this customer's devices; DELETE /api/my/devices/:deviceId removes one.
 */
export const myDeviceRequest = webPushDevice.omit({ transport: true }).extend({
  /** The key it subscribed with; of an older one the refusal says device_key_old: subscribe again. */
  applicationServerKey: z.string().max(100),
  /** The customer has said yes to app pushes just now: that is kept as a consent. False says nothing about it. */
  agreed: z.boolean(),
});
export type MyDeviceRequest = z.infer<typeof myDeviceRequest>;
export const myDeviceParams = z.object({ deviceId: idParam });

/** GET /api/my/coupons: the coupon box. Usable: soonest to expire first; the others: latest first. */
export const myCouponQuery = pageQuery.extend({ state: z.enum(myCouponStates).default('usable') });
export const myCouponSchema = z.object({
  /** What the customer shows or types at the checkout. */
  code: z.string(),
  couponId: idSchema,
  name: z.string(),
  shop: shopSchema,
  state: z.enum(myCouponStates),
  discount: discountSchema,
  minPurchaseMinor: z.number().int(),
  issuedAt: instantSchema,
  /** A usable coupon may begin later. */
  validFrom: instantSchema,
  /** The first moment at which it is not valid any more. */
  validUntil: instantSchema,
  used: z.object({ at: instantSchema, orderNo: z.string(), discountMinor: z.number().int() }).nullable(),
  /** The shop, at the marketplace. */
  useUrl: z.string(),
});
export type MyCoupon = z.infer<typeof myCouponSchema>;
export const myCouponPage = pageOf(myCouponSchema);

/** GET /api/my/qpost: one tab of the inbox, newest first. */
export const qpostQuery = pageQuery.extend({ tab: z.enum(qpostTabs).default('shop_event') });
/** `push.10001`: what it was sent for, and its number. */
export const qpostParams = z.object({
  messageId: z.string().regex(/^(push|reminder|notice|inquiry)\.[1-9]\d{0,14}$/),
});
export const qpostEntrySchema = z.object({
  id: z.string(),
  title: z.string(),
  heading: z.string(),
  shop: shopSchema.nullable(),
  sentAt: instantSchema,
  read: z.boolean(),
});
export type QpostEntry = z.infer<typeof qpostEntrySchema>;
export const qpostPage = pageOf(qpostEntrySchema);

/** GET /api/my/qpost/:messageId: opening it marks it as read. Texts are in the customer's language. */
export const qpostMessageSchema = qpostEntrySchema.extend({
  body: z.string(),
  button: z.string(),
  buttonUrl: z.string(),
  items: z.array(z.object({ name: z.string(), price: z.string(), imageUrl: z.string(), url: z.string() })),
  footer: z.string().nullable(),
});
export type QpostMessage = z.infer<typeof qpostMessageSchema>;

/** GET /api/my/qpost/unread: by tab; beyond `most` it says so many and no more. */
export const mostUnread = 100;
export const qpostUnread = z.object({
  notice: z.number().int(),
  inquiry: z.number().int(),
  shop_event: z.number().int(),
});

/** GET /api/my/shops: favourite shops, the newest first. Following a shop is what makes a fellow. */
export const myShopParams = z.object({ shopNo });
export const myShopSchema = shopSchema.extend({
  followedAt: instantSchema,
  /** Its coupons and messages are not wanted at the moment. */
  muted: z.boolean(),
});
export type MyShop = z.infer<typeof myShopSchema>;
export const myShopPage = pageOf(myShopSchema);

/** GET /api/my/shop-search: shops whose name holds these words, without regard to width and case; at most 20, by name. */
export const shopSearchQuery = z.object({ name: z.string().trim().max(100).default('') });
export const foundShops = z.object({ shops: z.array(shopSchema) });

/** PUT, DELETE /api/my/shops/:shopNo and .../mute: how it stands afterwards. */
export const following = z.object({ followed: z.boolean(), muted: z.boolean() });
export type Following = z.infer<typeof following>;

const shownFeature = z.object({
  id: idSchema,
  title: z.string(),
  endsOn: daySchema.nullable(),
  items: z.number().int(),
});

/** GET /api/my/shops/:shopNo: where a banner or an e-mail leads; also shown to who is not signed in. Items by rank. */
export const shopPageSchema = z.object({
  shop: shopSchema.extend({ url: z.string() }),
  /** Null for who is not signed in. */
  following: following.nullable(),
  features: z.array(shownFeature),
  items: z.array(itemSchema.extend({ url: z.string() })),
});
export type ShopPage = z.infer<typeof shopPageSchema>;

/** GET /api/my/shops/:shopNo/features/:featureId: while it is shown. */
export const shopFeatureParams = z.object({ shopNo, featureId: idParam });
export const shopFeaturePage = shownFeature.extend({
  shop: shopSchema.extend({ url: z.string() }),
  chosenItems: z.array(itemSchema.extend({ url: z.string() })),
});
export type ShopFeaturePage = z.infer<typeof shopFeaturePage>;

/** GET, PATCH /api/my/preferences: what the customer agrees to. What is missing in a PATCH stays as it is. */
const choices = {
  couponMail: z.boolean(),
  appPush: z.boolean(),
  /** App push and Qpost in the quiet hours too. */
  nightMessages: z.boolean(),
};
export const preferencesSchema = z.object({
  ...choices,
  /** Null: the marketplace has no quiet hours, so there is nothing to choose. */
  quietHours: z.object({ from: z.string(), until: z.string() }).nullable(),
  email: z.object({
    /** Masked, with its domain; null: the marketplace has none. */
    address: z.string().nullable(),
    verified: z.boolean(),
    /** Mail to it came back. */
    undeliverable: z.boolean(),
  }),
});
export type Preferences = z.infer<typeof preferencesSchema>;
export const preferencesChange = z.strictObject({
  couponMail: choices.couponMail.optional(),
  appPush: choices.appPush.optional(),
  nightMessages: choices.nightMessages.optional(),
});
export type PreferencesChange = z.infer<typeof preferencesChange>;

/** GET /api/my/consents: what was given or withdrawn, when, how and where; newest first. */
export const consentKinds = ['coupon_mail', 'app_push', 'night_messages', 'shop'] as const;
export const consentSchema = z.object({
  kind: z.enum(consentKinds),
  given: z.boolean(),
  /** Of kind `shop`: which one. */
  shop: shopSchema.nullable(),
  /** one_click, page, my_page, import ... */
  how: z.string(),
  source: z.string(),
  recordedAt: instantSchema,
});
export type Consent = z.infer<typeof consentSchema>;
export const consentPage = pageOf(consentSchema);
