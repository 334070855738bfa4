import { createECDH, randomBytes } from 'node:crypto';
import { deviceSchema, devicesResponse, webPushKeyResponse } from '@coupon-push/contract/devices.ts';
import { consentPage, preferencesSchema } from '@coupon-push/contract/my-page.ts';
import { problemSchema } from '@coupon-push/contract/problem.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import { createFellows } from '../../../test/marketplace.ts';
import { signInCustomer, type TestCustomer } from '../../../test/my-page.ts';

let api: TestApi;
let publicKey: string;
let hanako: TestCustomer;
let minsu: TestCustomer;
let browsers = 0;

beforeAll(async () => {
  api = await TestApi.create();
  ({ publicKey } = webPushKeyResponse.parse((await api.request(null, 'GET', '/api/web-push-key')).body));
});
afterAll(() => api.close());
beforeEach(async () => {
  const { shopId } = await api.shop('はなみどり');
  const { reachable = [] } = await createFellows(api.database.db, shopId, { reachable: 2 });
  hanako = await signInCustomer(api, reachable[0] ?? 0);
  minsu = await signInCustomer(api, reachable[1] ?? 0);
});

/** What a browser subscribed to. */
function subscription(more: object = {}) {
  browsers += 1;
  const keys = {
    p256dh: createECDH('prime256v1').generateKeys('base64url'),
    auth: randomBytes(16).toString('base64url'),
  };
  const endpoint = `https://push.example.com/${browsers}`;
  return { endpoint, expirationTime: null, keys, applicationServerKey: publicKey, agreed: true, ...more };
}

async function register(customer: TestCustomer, device: object) {
  const answer = await customer.request('PUT', '/api/my/devices', device);
  expect([answer.status, answer.body]).toMatchObject([200, {}]);
  return deviceSchema.parse(answer.body);
}

const devicesOf = async (customer: TestCustomer) =>
  devicesResponse.parse((await customer.request('GET', '/api/my/devices')).body).devices;
const consentsOf = async (customer: TestCustomer) =>
  consentPage.parse((await customer.request('GET', '/api/my/consents')).body).entries;
const accepts = async (customer: TestCustomer) =>
  preferencesSchema.parse((await customer.request('GET', '/api/my/preferences')).body).appPush;
const withdraw = (customer: TestCustomer) => customer.request('PATCH', '/api/my/preferences', { appPush: false });

describe('a customer who agrees to app pushes in a browser', () => {
  it('has it registered and the consent kept, once, however often it is said', async () => {
    const device = subscription();
    const first = await register(hanako, device);
    const again = await register(hanako, device);
    expect(again.deviceId).toBe(first.deviceId);
    expect(await devicesOf(hanako)).toMatchObject([{ transport: 'web_push', service: 'push.example.com' }]);
    expect(await consentsOf(hanako)).toMatchObject([
      { kind: 'app_push', given: true, how: 'my_page', source: 'my page' },
    ]);
  });

  it('gives the consent again that was withdrawn', async () => {
    await withdraw(hanako);
    await register(hanako, subscription());
    expect(await accepts(hanako)).toBe(true);
    expect((await consentsOf(hanako)).map(({ given }) => given)).toEqual([true, false]);
  });

  it('has a yes of their own beside the one that the marketplace brought', async () => {
    await sql`
      insert into consent_record (customer_id, kind, given, how, source, recorded_at)
      values (${hanako.customerId}, 'app_push', true, 'import', 'customers.csv', now())`.execute(api.database.db);
    await register(hanako, subscription());
    expect((await consentsOf(hanako)).map(({ how }) => how)).toEqual(['my_page', 'import']);
  });

  it('keeps the consent when the last device leaves: it is to app pushes, and not to a device', async () => {
    const { deviceId } = await register(hanako, subscription());
    for (let n = 0; n < 2; n += 1) {
      const answer = await hanako.request('DELETE', `/api/my/devices/${deviceId}`);
      expect(answer).toMatchObject({ status: 200, body: { done: true } });
    }
    expect([await devicesOf(hanako), await accepts(hanako)]).toEqual([[], true]);
    expect(await consentsOf(hanako)).toHaveLength(1);
  });
});

describe('a browser that says again that it is there', () => {
  it('gives no consent: what was withdrawn elsewhere stays withdrawn', async () => {
    const device = subscription();
    await register(hanako, device);
    await withdraw(hanako);
    await register(hanako, { ...device, agreed: false });
    expect(await accepts(hanako)).toBe(false);
    expect(await devicesOf(hanako)).toHaveLength(1);
    expect((await consentsOf(hanako)).map(({ given }) => given)).toEqual([false, true]);
  });

  it('becomes that of another customer who signs in on it, who is asked anew', async () => {
    const device = subscription();
    await register(hanako, device);
    await register(minsu, { ...device, agreed: false });
    expect(await devicesOf(hanako)).toEqual([]);
    expect(await devicesOf(minsu)).toHaveLength(1);
    expect(await consentsOf(minsu)).toEqual([]);
  });

  it('has one owner when two customers register it at the same moment', async () => {
    for (let n = 0; n < 5; n += 1) {
      const device = subscription();
      await Promise.all([register(hanako, device), register(minsu, device)]);
      const { rows } = await sql`select from subscription where endpoint = ${device.endpoint}`.execute(api.database.db);
      expect(rows).toHaveLength(1);
    }
  });
});

describe('the devices of My Page', () => {
  it('are one customer’s own: nobody else sees or removes them, and nobody who is not signed in', async () => {
    const { deviceId } = await register(hanako, subscription());
    await minsu.request('DELETE', `/api/my/devices/${deviceId}`);
    expect(await devicesOf(hanako)).toHaveLength(1);
    for (const [method, url] of [
      ['PUT', '/api/my/devices'],
      ['GET', '/api/my/devices'],
      ['DELETE', `/api/my/devices/${deviceId}`],
    ] as const) {
      const answer = await api.request(null, method, url, method === 'PUT' ? { body: subscription() } : {});
      expect(answer).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
    }
  });

  it('are refused with the field that is wrong, and then nothing is agreed to', async () => {
    const older = createECDH('prime256v1').generateKeys('base64url');
    const refused = {
      'endpoint: endpoint_not_allowed': subscription({ endpoint: 'https://127.0.0.1/push' }),
      'keys.auth: device_keys_wrong': subscription({ keys: { ...subscription().keys, auth: 'AAAA' } }),
      'applicationServerKey: device_key_old': subscription({ applicationServerKey: older }),
      'applicationServerKey: required': subscription({ applicationServerKey: undefined }),
      'agreed: required': subscription({ agreed: undefined }),
    };
    for (const [expected, device] of Object.entries(refused)) {
      const { fields } = problemSchema.parse((await hanako.request('PUT', '/api/my/devices', device)).body);
      expect(fields?.map(({ field, code }) => `${field}: ${code}`)).toEqual([expected]);
    }
    expect([await devicesOf(hanako), await consentsOf(hanako)]).toEqual([[], []]);
  });
});
