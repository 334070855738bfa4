import type { Language } from '@coupon-push/i18n/languages.ts';
import type { PushContent } from '../src/messages/push-content.ts';

const itemNames: Record<Language, string[]> = {
  ja: ['軽量トートバッグ A4対応', '北欧風マグカップ 2個セット', 'オーガニックコットンのハンカチ', 'LEDデスクライト'],
  ko: ['가벼운 토트백 A4 수납', '북유럽풍 머그컵 2개 세트', '오가닉 코튼 손수건', 'LED 데스크 라이트'],
  en: ['Tote bag & pouch, fits A4', 'Nordic mugs, set of two', 'Organic cotton handkerchiefs', 'LED desk lamp'],
};

/** A push's content as a shop of this language would have it, in yen. */
export function samplePushContent(language: Language, changes: Partial<PushContent> = {}): PushContent {
  return {
    pushId: 10001,
    marketplace: {
      name: 'ハルマーケット',
      currency: 'JPY',
      zone: 'Asia/Tokyo',
      senderName: 'ハルマーケット株式会社',
      senderPostalAddress: '〒150-0002 東京都渋谷区渋谷2-24-12',
      senderEmail: 'coupon@market.example',
      contactUrl: 'https://market.example/help',
      couponBoxUrl: 'https://market.example/coupons',
      qpostUrl: 'https://market.example/qpost',
      publicUrl: 'https://push.market.example',
    },
    shop: { id: 101, name: 'さくら雑貨店', url: 'https://market.example/shop/sakura' },
    couponId: 50694,
    terms: {
      name: '300円',
      discount: { kind: 'amount', amountMinor: 300 },
      minPurchaseMinor: 2000,
      validity: { kind: 'period', from: '2026-11-25', until: '2026-12-31' },
      qstoreOnly: false,
    },
    items: itemNames[language].map((name, index) => ({
      itemId: index + 1,
      itemNo: `A${1000 + index}`,
      name,
      priceMinor: 1290 + index * 480,
      imageUrl: `https://img.market.example/${index}.jpg?w=400&h=400`,
      url: `https://market.example/item/A${1000 + index}`,
    })),
    banner: {
      imageUrl: 'https://push.market.example/images/banner.webp',
      width: 1860,
      height: 240,
      url: 'https://market.example/feature/3',
    },
    advertisingLabel: false,
    issuedAt: new Date('2026-11-25T01:00:00Z'),
    ...changes,
  };
}
