import type { Banner } from '@coupon-push/contract/banners.ts';
import type { CouponTerms } from '@coupon-push/contract/coupons.ts';
import type { Item } from '@coupon-push/contract/items.ts';
import type { PushContent } from '../../messages/push-content.ts';
import { fillLink, type Marketplace } from '../marketplace/service.ts';
import type { Shop } from '../shops/service.ts';

/** Where the banner leads, with what its link needs. */
export type ResolvedLink = { kind: 'shop' } | { kind: 'item'; itemNo: string } | { kind: 'feature'; featureId: number };

export interface ContentParts {
  pushId: number | null;
  marketplace: Marketplace;
  shop: Shop;
  couponId: number;
  terms: CouponTerms;
  items: readonly Item[];
  banner: { banner: Banner; link: ResolvedLink } | null;
  issuedAt: Date | null;
  publicUrl: string;
}

/** The one content model that the preview and the engine render from. */
export function pushContent(parts: ContentParts): PushContent {
  const { marketplace, shop, banner, publicUrl } = parts;
  const shopUrl = fillLink(marketplace.shopUrlTemplate, { shop: shop.shopNo });
  return {
    pushId: parts.pushId,
    marketplace: {
      name: marketplace.name,
      currency: marketplace.currency,
      zone: marketplace.zone,
      senderName: marketplace.senderName,
      senderPostalAddress: marketplace.senderPostalAddress,
      senderEmail: marketplace.senderEmail,
      contactUrl: marketplace.contactUrl,
      couponBoxUrl: marketplace.couponBoxUrl,
      qpostUrl: marketplace.qpostUrl,
      publicUrl,
    },
    shop: { id: shop.id, name: shop.name, url: shopUrl },
    couponId: parts.couponId,
    terms: parts.terms,
    items: parts.items.map((item) => ({
      itemId: item.id,
      itemNo: item.itemNo,
      name: item.name,
      priceMinor: item.priceMinor,
      imageUrl: new URL(item.imageUrl, `${publicUrl}/`).href,
      url: fillLink(marketplace.itemUrlTemplate, { shop: shop.shopNo, item: item.itemNo }),
    })),
    banner: banner && {
      imageUrl: banner.banner.url,
      width: banner.banner.width,
      height: banner.banner.height,
      url: linkUrl(banner.link, shop, marketplace, shopUrl),
    },
    advertisingLabel: marketplace.policy.advertisingLabel,
    issuedAt: parts.issuedAt,
  };
}

function linkUrl(link: ResolvedLink, shop: Shop, marketplace: Marketplace, shopUrl: string): string {
  if (link.kind === 'shop') return shopUrl;
  if (link.kind === 'item') {
    return fillLink(marketplace.itemUrlTemplate, { shop: shop.shopNo, item: link.itemNo });
  }
  return fillLink(marketplace.featureUrlTemplate, { shop: shop.shopNo, feature: String(link.featureId) });
}
