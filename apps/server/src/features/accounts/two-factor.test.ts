import { meSchema, signedResponse, twoFactorSecret } from '@coupon-push/contract/session.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import { Browser } from '../../../test/browser.ts';
import { password, type TestShop } from '../../../test/marketplace.ts';
import { totpCode } from '../../../test/totp.ts';

let api: TestApi;
let shop: TestShop;
let browser: Browser;

beforeAll(async () => {
  api = await TestApi.create();
});
afterAll(() => api.close());
beforeEach(async () => {
  shop = await api.shop('はなみどり');
  browser = new Browser(api.server);
});

const me = async (of: Browser) => meSchema.parse((await of.get('/api/me')).json()).user;
const signIn = (of: Browser) => of.post('/api/auth/sign-in/email', { email: shop.email, password });
const verify = (of: Browser, code: string, more = {}) => of.post('/api/auth/two-factor/verify-totp', { code, ...more });
const backup = (of: Browser, code = '') => of.post('/api/auth/two-factor/verify-backup-code', { code });

/** Turned on in one browser, with the code of now: the next sign-in takes that of the step after, as a quick clock shows it. */
async function turnOn() {
  await signIn(browser);
  const made = twoFactorSecret.parse((await browser.post('/api/auth/two-factor/enable', { password })).json());
  expect((await verify(browser, totpCode(made.secret))).statusCode).toBe(200);
  return { ...made, code: () => totpCode(made.secret, 1) };
}

describe('two-factor authentication', () => {
  it('is turned on with the password and a first code, for an app that is told whose it is', async () => {
    await signIn(browser);
    const wrong = await browser.post('/api/auth/two-factor/enable', { password: 'not-the-password' });
    expect(wrong.statusCode).toBe(400);
    expect(wrong.json()).toMatchObject({ code: 'wrong_password', fields: [{ field: 'password' }] });
    const made = twoFactorSecret.parse((await browser.post('/api/auth/two-factor/enable', { password })).json());
    const uri = new URL(made.uri);
    expect(uri.protocol).toBe('otpauth:');
    expect(decodeURIComponent(uri.pathname)).toContain(`テストモール:${shop.email}`);
    expect(new Set(made.backupCodes).size).toBe(10);
    expect((await me(browser)).twoFactor).toBe(false);
    const refused = await verify(browser, '000000');
    expect(refused.statusCode).toBe(400);
    expect(refused.json()).toMatchObject({ code: 'two_factor_code_wrong', fields: [{ field: 'code' }] });
    expect((await verify(browser, totpCode(made.secret))).statusCode).toBe(200);
    expect((await me(browser)).twoFactor).toBe(true);
  });

  it('asks for a code after the password: until then nobody is signed in', async () => {
    const { code } = await turnOn();
    const other = new Browser(api.server);
    const answer = await signIn(other);
    expect(signedResponse.parse(answer.json())).toEqual({ signedIn: false, twoFactor: true });
    expect((await other.get('/api/me')).statusCode).toBe(401);
    expect((await verify(other, '123456')).json()).toMatchObject({ code: 'two_factor_code_wrong' });
    expect(signedResponse.parse((await verify(other, code())).json())).toEqual({
      signedIn: true,
      twoFactor: false,
    });
    expect((await me(other)).email).toBe(shop.email);
  });

  it('takes each code once', async () => {
    const { code } = await turnOn();
    const shown = code();
    await signIn(browser);
    expect((await verify(browser, shown)).statusCode).toBe(200);
    const eavesdropper = new Browser(api.server);
    await signIn(eavesdropper);
    expect((await verify(eavesdropper, shown)).json()).toMatchObject({ code: 'two_factor_expired' });
    expect((await eavesdropper.get('/api/me')).statusCode).toBe(401);
  });

  it('gives five guesses a sign-in, and after ten in a row none for a while, not even with the right code', async () => {
    const { code, backupCodes } = await turnOn();
    for (const attempt of [1, 2]) {
      const guesser = new Browser(api.server);
      await signIn(guesser);
      for (let guess = 1; guess <= 5; guess += 1) await verify(guesser, `00000${guess}`);
      const sixth = await verify(guesser, code());
      expect([attempt, sixth.json().code]).toEqual([
        attempt,
        attempt === 1 ? 'two_factor_expired' : 'two_factor_locked',
      ]);
    }
    const owner = new Browser(api.server);
    await signIn(owner);
    expect((await verify(owner, code())).json()).toMatchObject({ code: 'two_factor_locked' });
    expect((await backup(owner, backupCodes[0])).json()).toMatchObject({ code: 'two_factor_locked' });
  });

  it('has backup codes, each good for one sign-in; making new ones voids the old', async () => {
    const { backupCodes } = await turnOn();
    const other = new Browser(api.server);
    await signIn(other);
    expect((await backup(other, backupCodes[0])).statusCode).toBe(200);
    await signIn(other);
    expect((await backup(other, backupCodes[0])).json()).toMatchObject({ code: 'two_factor_code_wrong' });
    expect((await backup(other, backupCodes[1])).statusCode).toBe(200);
    const made = await other.post('/api/auth/two-factor/generate-backup-codes', { password });
    expect(made.json().backupCodes).toHaveLength(10);
    await signIn(other);
    expect((await backup(other, backupCodes[2])).json()).toMatchObject({ code: 'two_factor_code_wrong' });
    expect((await backup(other, made.json().backupCodes[0])).statusCode).toBe(200);
  });

  it('does not ask again on a device that was trusted; another device is asked', async () => {
    const { code } = await turnOn();
    const trusted = new Browser(api.server);
    await signIn(trusted);
    await verify(trusted, code(), { trustDevice: true });
    await trusted.post('/api/auth/sign-out');
    expect((await signIn(trusted)).json()).toEqual({ signedIn: true, twoFactor: false });
    expect((await signIn(new Browser(api.server))).json()).toEqual({ signedIn: false, twoFactor: true });
  });

  it('is turned off with the password alone', async () => {
    await turnOn();
    const off = (typed: string) => browser.post('/api/auth/two-factor/disable', { password: typed });
    expect((await off('not-the-password')).json()).toMatchObject({ code: 'wrong_password' });
    expect((await me(browser)).twoFactor).toBe(true);
    expect((await off(password)).statusCode).toBe(200);
    expect((await signIn(new Browser(api.server))).json()).toEqual({ signedIn: true, twoFactor: false });
  });

  it('is nobody’s who is not signed in', async () => {
    for (const path of ['enable', 'disable', 'generate-backup-codes']) {
      expect((await browser.post(`/api/auth/two-factor/${path}`, { password })).statusCode).toBe(401);
    }
    expect((await verify(browser, '123456')).json()).toMatchObject({ code: 'two_factor_expired' });
    for (const path of ['get-totp-uri', 'send-otp', 'view-backup-codes']) {
      expect((await browser.post(`/api/auth/two-factor/${path}`, { password })).statusCode).toBe(404);
    }
  });
});

describe('changing the password', () => {
  const change = (of: Browser, currentPassword: string, newPassword: string) =>
    of.post('/api/auth/change-password', { currentPassword, newPassword });

  it('asks for the current one, and ends every other session', async () => {
    await signIn(browser);
    const elsewhere = new Browser(api.server);
    await signIn(elsewhere);
    const wrong = await change(browser, 'not-the-password', 'another-long-one');
    expect(wrong.statusCode).toBe(400);
    expect(wrong.json()).toMatchObject({ code: 'wrong_password', fields: [{ field: 'currentPassword' }] });
    expect((await change(browser, password, 'another-long-one')).statusCode).toBe(200);
    expect((await browser.get('/api/me')).statusCode).toBe(200);
    expect((await elsewhere.get('/api/me')).statusCode).toBe(401);
    expect((await signIn(elsewhere)).statusCode).toBe(401);
    const fresh = { email: shop.email, password: 'another-long-one' };
    expect((await elsewhere.post('/api/auth/sign-in/email', fresh)).statusCode).toBe(200);
  });

  it.each([
    ['nine characters', 'a'.repeat(9), 'too_small'],
    ['129', 'a'.repeat(129), 'too_big'],
  ])('does not take %s', async (_, newPassword, code) => {
    await signIn(browser);
    const answer = await change(browser, password, newPassword);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ fields: [{ field: 'newPassword', code }] });
  });

  it('is nobody’s who is not signed in', async () => {
    expect((await change(browser, password, 'another-long-one')).statusCode).toBe(401);
  });
});
