import { describe, expect, it } from 'vitest';
import { opensApp, toNotification } from './notifications.ts';
import { bytesOf, keyOf } from './push-key.ts';

const origin = 'https://coupons.example.com';

describe('an app push', () => {
  it('shows title, body and icon as it says, and takes the place of an earlier one of its tag', () => {
    const said = {
      title: 'モール',
      body: 'クーポン',
      url: `${origin}/my/coupons`,
      icon: '/images/logo.png',
      tag: 'push-1',
    };
    expect(toNotification(JSON.stringify(said))).toEqual({
      title: 'モール',
      options: {
        body: 'クーポン',
        tag: 'push-1',
        icon: '/images/logo.png',
        badge: '/my/badge-96.png',
        silent: false,
        data: { url: `${origin}/my/coupons` },
      },
    });
  });

  it('makes no sound when it says so', () => {
    expect(toNotification('{"title":"a","silent":true}').options.silent).toBe(true);
    expect(toNotification('{"title":"a","silent":"yes"}').options.silent).toBe(false);
  });

  it.each([undefined, '', 'text', 'null', '[]', '{"title":7,"body":{}}'])(
    'shows something readable for %j',
    (payload) => {
      const { title, options } = toNotification(payload);
      expect(title).toBe('My Page');
      expect(options.data).toEqual({ url: '/my/coupons' });
    },
  );

  it.each([
    [{ url: `${origin}/my/qpost/push.1` }, `${origin}/my/qpost/push.1`],
    [{ url: '/my/shops/7' }, `${origin}/my/shops/7`],
    [{ url: 'https://elsewhere.example/my/coupons' }, `${origin}/my/coupons`],
    [{ url: `${origin}/sign-in` }, `${origin}/my/coupons`],
    [{ url: 'javascript:alert(1)' }, `${origin}/my/coupons`],
    [{ url: 'http://[' }, `${origin}/my/coupons`],
    [null, `${origin}/my/coupons`],
  ])('with %j leads to a page of My Page', (data, address) => {
    expect(opensApp(data, origin)).toBe(address);
  });
});

describe('the key of a subscription', () => {
  it('is told from another one, however it is written', () => {
    const key = 'BOm-_w8sFjWZ0mR6Zkq2bJ6rQ0v3q7c1fYl3b9eNn5pVd2a1u8ZxQpOe_LrK4sTgHyBwCjDmEfNiAvUoXzPqRsU';
    const applicationServerKey = bytesOf(key).buffer;
    expect(applicationServerKey.byteLength).toBe(65);
    expect(keyOf({ options: { applicationServerKey } })).toBe(key);
    expect(keyOf({ options: { applicationServerKey: null } })).toBeUndefined();
  });
});
