import { messagePreviewSchema } from '@coupon-push/contract/pushes.ts';
import { languages } from '@coupon-push/i18n/languages.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { samplePushContent } from '../../test/push-content.ts';
import { escapeHtml } from './html.ts';
import { tokenPlaceholder } from './placeholders.ts';
import { cleanText, type PushContent } from './push-content.ts';
import { renderMessage, toPreview } from './render.ts';

describe('the titles', () => {
  it('are those of the guides, in Japanese', async () => {
    const { email, qpost, appPush } = await renderMessage(samplePushContent('ja'), 'ja');
    expect(email.subject).toBe('[ハルマーケット] ショップクーポンが発行されました！');
    expect(qpost.title).toBe('[クーポン] ショップクーポンが発行されました！');
    expect(qpost.heading).toBe('300円 ショップクーポンが発行されました！');
    expect(appPush).toEqual({
      title: 'ハルマーケット',
      body: '[クーポン] ショップクーポンが発行されました。',
      url: 'https://market.example/coupons',
    });
  });

  it('are those of the guides, in Korean and English', async () => {
    const korean = await renderMessage(samplePushContent('ko'), 'ko');
    expect(korean.email.subject).toBe('[ハルマーケット] SHOP 쿠폰이 발행되었습니다!');
    expect(korean.qpost.title).toBe('[쿠폰] 샵쿠폰이 발행되었습니다!');
    const english = await renderMessage(samplePushContent('en'), 'en');
    expect(english.email.subject).toBe('[ハルマーケット] A shop coupon has been issued!');
    expect(english.qpost.title).toBe('[Coupon] A shop coupon has been issued!');
  });

  it.each(languages)('begin with (광고) under the Korean profile, whatever the language: %s', async (language) => {
    const content = samplePushContent(language, { advertisingLabel: true });
    const { email, qpost, appPush } = await renderMessage(content, language);
    for (const title of [email.subject, qpost.title, appPush.title]) expect(title).toMatch(/^\(광고\)/);
    // Sender and free opt-out at the end of every message.
    expect(qpost.footer).toContain('ハルマーケット株式会社');
    expect(appPush.body.split('\n')).toHaveLength(2);
    expect(email.text.trimEnd().endsWith(`/u/${tokenPlaceholder}`)).toBe(true);
  });
});

describe('the e-mail', () => {
  it('says everything in the order of the guide, in both parts', async () => {
    const { email } = await renderMessage(samplePushContent('ja'), 'ja');
    const order = [
      'SHOP COUPON',
      'https://market.example/coupons',
      'さくら雑貨店',
      '300円',
      '2,000円以上購入時',
      '2026/11/25（水） ～ 2026/12/31（木）',
      'クーポンで購入する',
      'https://market.example/feature/3',
      'さくら雑貨店 BEST ITEM',
      '軽量トートバッグ A4対応',
      '1,290円',
      'LEDデスクライト',
      '送信専用',
      'https://market.example/help',
      'ハルマーケット株式会社',
      '〒150-0002',
      `https://push.market.example/u/${tokenPlaceholder}`,
    ];
    for (const part of [email.html.slice(email.html.indexOf('role="article"')), email.text]) {
      let from = 0;
      for (const text of order) {
        const at = part.indexOf(text, from);
        expect(at, text).toBeGreaterThanOrEqual(from);
        from = at;
      }
    }
  });

  it.each(languages)('names its language, both appearances, and describes every picture: %s', async (language) => {
    const { email } = await renderMessage(samplePushContent(language), language);
    expect(email.html).toContain(`<html lang="${language}"`);
    expect(email.html).toContain('<meta name="color-scheme" content="light dark">');
    expect(email.html).toContain('prefers-color-scheme:dark');
    const images = email.html.match(/<img [^>]*>/g) ?? [];
    expect(images).toHaveLength(5);
    for (const image of images) expect(image).toMatch(/ alt="[^"]+"/);
    expect(email.html.includes('word-break:keep-all')).toBe(language === 'ko');
  });

  it('has between 12 and 24 KB of HTML, from one item to sixteen', async () => {
    const [item] = samplePushContent('ja').items;
    if (!item) throw new Error('no item');
    for (const count of [1, 4, 16]) {
      const content = samplePushContent('ja', { items: Array.from({ length: count }, () => item) });
      const { email } = await renderMessage(content, 'ja');
      expect(Buffer.byteLength(email.html)).toBeGreaterThan(12_000);
      expect(Buffer.byteLength(email.html)).toBeLessThan(24_000);
    }
  });

  it('shows the limit of a percentage and the days of a relative validity', async () => {
    const terms: PushContent['terms'] = {
      name: '10%',
      discount: { kind: 'percent', percent: 10, maxAmountMinor: 1000 },
      minPurchaseMinor: 0,
      validity: { kind: 'days', days: 30 },
      qstoreOnly: false,
    };
    const preview = await renderMessage(samplePushContent('ja', { terms, issuedAt: null }), 'ja');
    expect(preview.qpost.heading).toBe('10%OFF（最大1,000円） ショップクーポンが発行されました！');
    expect(preview.email.text).toContain('発行時点から30日間使用可能');
    const issued = await renderMessage(samplePushContent('ja', { terms }), 'ja');
    expect(issued.email.text).toContain('2026/12/25（金）10:00 JSTまで（発行から30日間）');
  });
});

describe('what a shop typed', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    fc.constantFrom(
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      "' onmouseover='x",
      '<mj-include path="/etc/passwd" />',
      '</mj-text></mjml>',
      '<!--',
      '{{shop}} {{marketplace}} $t(email.heading)',
      '\ue0020\ue003 \ue000token\ue001',
      'a\r\nBcc: everyone@market.example',
      '&lt;b&gt; &amp;',
      '\u202Egnp.exe',
    ),
  );

  it('never becomes markup, an instruction to a template, or a placeholder', async () => {
    const plain = await renderMessage(withNames('x', 'x'), 'ja');
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (shopName, itemName) => {
        const { email } = await renderMessage(withNames(shopName, itemName), 'ja');
        expect(skeleton(email.html)).toEqual(skeleton(plain.email.html));
        expect(email.html.split(tokenPlaceholder)).toHaveLength(plain.email.html.split(tokenPlaceholder).length);
        expect(email.text.split(tokenPlaceholder)).toHaveLength(2);
        expect(email.text).toContain(`- ${cleanText(itemName)}\n`);
        expect(email.html).toContain(`${escapeHtml(cleanText(shopName))} BEST ITEM`);
      }),
      { numRuns: 80 },
    );
  });

  it('cannot lead to anything but http(s)', async () => {
    const content = samplePushContent('en');
    const items = content.items.map((item) => ({ ...item, url: 'javascript:alert(1)', imageUrl: 'data:image/png,x' }));
    const { email } = await renderMessage({ ...content, items }, 'en');
    expect(email.html).not.toMatch(/(javascript|data):/);
  });

  it('may be a picture of this deployment, without its host', async () => {
    const content = samplePushContent('en');
    const items = content.items.map((item) => ({ ...item, imageUrl: '/demo/items/1.webp' }));
    const { email } = await renderMessage({ ...content, items }, 'en');
    expect(email.html).toContain('src="https://push.market.example/demo/items/1.webp"');
  });

  function withNames(shopName: string, itemName: string): PushContent {
    const content = samplePushContent('ja');
    const items = content.items.map((item) => ({ ...item, name: itemName }));
    return { ...content, shop: { ...content.shop, name: shopName }, items };
  }

  /** Tags and the names of their attributes, in order. */
  function skeleton(html: string): string[] {
    const tags = html.match(/<(?:!--|\/?[a-z])(?:"[^"]*"|[^">])*>/gi) ?? [];
    return tags.map((tag) => tag.replace(/="[^"]*"/g, ''));
  }
});

describe('the preview', () => {
  it.each(languages)('is what the API promises, with sample values: %s', async (language) => {
    const preview = toPreview(await renderMessage(samplePushContent(language, { pushId: null }), language));
    expect(messagePreviewSchema.parse(preview)).toEqual(preview);
    expect(preview.email.html + preview.email.text).not.toMatch(/\p{Co}/u);
    expect(preview.email.html).toContain('https://push.market.example/u/preview');
    expect(preview.email.from).toBe('ハルマーケット株式会社 <coupon@market.example>');
  });
});
