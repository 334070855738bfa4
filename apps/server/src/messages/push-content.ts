import type { CouponTerms } from '@coupon-push/contract/coupons.ts';

/** The marketplace as its messages name it. */
export interface MarketplaceContent {
  name: string;
  currency: string;
  zone: string;
  senderName: string;
  senderPostalAddress: string;
  senderEmail: string;
  contactUrl: string;
  couponBoxUrl: string;
  qpostUrl: string;
  /** Where this deployment is reached; no slash at the end. */
  publicUrl: string;
  /** `#rrggbb`; anything else is the default accent. */
  accent?: string;
}

export interface ItemContent {
  itemId: number;
  itemNo: string;
  name: string;
  priceMinor: number;
  /** Absolute. */
  imageUrl: string;
  url: string;
}

export interface BannerContent {
  imageUrl: string;
  width: number;
  height: number;
  url: string;
}

/** Everything that a push's messages say, the same for every recipient and channel (spec 4). */
export interface PushContent {
  /** Null in a preview. */
  pushId: number | null;
  marketplace: MarketplaceContent;
  shop: { id: number; name: string; url: string };
  couponId: number;
  terms: CouponTerms;
  items: ItemContent[];
  banner: BannerContent | null;
  /** `(광고)` at the very start of subject and titles, whatever the language, and free opt-out at the end (kr). */
  advertisingLabel: boolean;
  /** What a validity of N days counts from; null in a preview. */
  issuedAt: Date | null;
}

/**
 * The content as it may be put into a message: every text one line without control, direction or placeholder
 * characters, every link http(s). After this nothing a shop typed can be taken for a placeholder (placeholders.ts).
 */
export function cleanContent(content: PushContent): PushContent {
  const { marketplace, shop } = content;
  const home = cleanUrl(marketplace.publicUrl, 'http://localhost').replace(/\/+$/, '');
  return {
    ...content,
    marketplace: {
      ...marketplace,
      name: cleanText(marketplace.name),
      senderName: cleanText(marketplace.senderName),
      senderPostalAddress: cleanText(marketplace.senderPostalAddress),
      senderEmail: cleanText(marketplace.senderEmail),
      contactUrl: cleanUrl(marketplace.contactUrl, home),
      couponBoxUrl: cleanUrl(marketplace.couponBoxUrl, home),
      qpostUrl: cleanUrl(marketplace.qpostUrl, home),
      publicUrl: home,
    },
    shop: { id: shop.id, name: cleanText(shop.name), url: cleanUrl(shop.url, home) },
    items: content.items.map((item) => ({
      ...item,
      itemNo: cleanText(item.itemNo),
      name: cleanText(item.name),
      imageUrl: cleanUrl(item.imageUrl, home),
      url: cleanUrl(item.url, home),
    })),
    banner: content.banner && {
      ...content.banner,
      imageUrl: cleanUrl(content.banner.imageUrl, home),
      url: cleanUrl(content.banner.url, home),
    },
  };
}

/** Control characters, line ends, direction overrides, byte order marks, and private use (our placeholders). */
const unwanted = /[\p{Cc}\p{Co}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]+/gu;

/** One line of well-formed text, without what could act on its surroundings. */
export function cleanText(text: string): string {
  return text.toWellFormed().replace(unwanted, ' ').replace(/ {2,}/g, ' ').trim();
}

/** An absolute http(s) URL, in ASCII; one without a host is this deployment's. `home` when it is neither. */
function cleanUrl(url: string, home: string): string {
  if (!URL.canParse(url, `${home}/`)) return home;
  const parsed = new URL(url, `${home}/`);
  return parsed.protocol === 'https:' || parsed.protocol === 'http:' ? parsed.href : home;
}
