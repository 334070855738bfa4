import { createECDH, randomBytes } from 'node:crypto';
import {
  type DeviceRequest,
  deviceSchema,
  devicesResponse,
  webPushKeyResponse,
} from '@coupon-push/contract/devices.ts';
import { problemSchema } from '@coupon-push/contract/problem.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import { createFellows } from '../../../test/marketplace.ts';
import { createApiKey } from '../api-keys/service.ts';

let api: TestApi;
let key: string;
let customers: number[];
let devices = 0;

beforeAll(async () => {
  api = await TestApi.create({ nativeApps: true });
  key = (await createApiKey(api.database.db, 'app')) ?? '';
});
afterAll(() => api.close());
beforeEach(async () => {
  api.clock.set(new Date('2026-12-01T03:00:00Z'));
  const { shopId } = await api.shop('はなみどり');
  ({ reachable: customers = [] } = await createFellows(api.database.db, shopId, { reachable: 2 }));
});

const customer = (place = 0) => customers[place] ?? 0;
const path = (customerId: number) => `/api/customers/c${customerId}/devices`;

async function ask(method: 'GET' | 'PUT' | 'DELETE', url: string, body?: object, from: TestApi = api, bearer = key) {
  const headers = { authorization: `Bearer ${bearer}` };
  return await from.request(null, method, url, { headers, ...(body === undefined ? {} : { body }) });
}

async function register(customerId: number, device: object) {
  const answer = await ask('PUT', path(customerId), device);
  expect([answer.status, answer.body]).toMatchObject([200, {}]);
  return deviceSchema.parse(answer.body);
}

async function refusal(device: object) {
  const answer = await ask('PUT', path(customer()), device);
  const { code, fields } = problemSchema.parse(answer.body);
  return fields?.map((field) => `${field.field}: ${field.code}`) ?? [code];
}

async function list(customerId: number) {
  return devicesResponse.parse((await ask('GET', path(customerId))).body).devices;
}

function native(token?: string): DeviceRequest {
  devices += 1;
  return { transport: 'fcm', token: token ?? `device-${devices}:APA91b-_x` };
}

function browser(more: object = {}) {
  devices += 1;
  const ecdh = createECDH('prime256v1');
  const keys = { p256dh: ecdh.generateKeys('base64url'), auth: randomBytes(16).toString('base64url') };
  return { transport: 'web_push' as const, endpoint: `https://push.example.com/${devices}`, keys, ...more };
}

describe('a marketplace system', () => {
  it('registers a native app, a browser and a UnifiedPush app, and sees what a customer has', async () => {
    const app = await register(customer(), native());
    const web = await register(
      customer(),
      browser({ endpoint: 'https://updates.push.services.mozilla.com/wpush/v2/a' }),
    );
    const unified = await register(customer(), browser({ endpoint: 'https://ntfy.example.org:8443/upAbc?up=1' }));
    expect([app, web, unified].map(({ transport, service }) => [transport, service])).toEqual([
      ['fcm', null],
      ['web_push', 'updates.push.services.mozilla.com'],
      ['web_push', 'ntfy.example.org:8443'],
    ]);
    expect(await list(customer())).toEqual([unified, web, app]);
    expect(await list(customer(1))).toEqual([]);
  });

  it('registers a device again and it stays the same, with the keys of now', async () => {
    const device = browser();
    const first = await register(customer(), device);
    api.clock.set(new Date('2026-12-02T03:00:00Z'));
    const { keys } = browser();
    const again = await register(customer(), { ...device, keys });
    expect(again).toEqual({ ...first, confirmedAt: expect.stringMatching(/^2026-12-02T03:00/) });
    const row = await api.database.db
      .selectFrom('subscription')
      .where('id', '=', first.deviceId)
      .select(['p256dh', 'auth'])
      .executeTakeFirst();
    expect(row).toEqual(keys);
  });

  it('removes a device, and again; another customer’s stays', async () => {
    const { deviceId } = await register(customer(), native());
    expect((await ask('DELETE', `${path(customer(1))}/${deviceId}`)).status).toBe(200);
    expect(await list(customer())).toHaveLength(1);
    for (let n = 0; n < 2; n += 1) {
      expect(await ask('DELETE', `${path(customer())}/${deviceId}`)).toMatchObject({
        status: 200,
        body: { done: true },
      });
    }
    expect(await list(customer())).toEqual([]);
  });

  it('needs a key, and a customer that there is', async () => {
    for (const method of ['GET', 'PUT'] as const) {
      const stranger = await ask(method, path(customer()), method === 'PUT' ? native() : undefined, api, 'nonsense');
      expect(stranger).toMatchObject({ status: 401, body: { code: 'api_key_invalid' } });
    }
    expect(await ask('DELETE', `${path(customer())}/1`, undefined, api, '')).toMatchObject({ status: 401 });
    expect(await ask('PUT', '/api/customers/a%00b/devices', native())).toMatchObject({ status: 400 });
    expect(await ask('PUT', '/api/customers/nobody/devices', native())).toMatchObject({
      status: 404,
      body: { code: 'customer_unknown' },
    });
  });

  it('is told when this deployment cannot reach native apps', async () => {
    const without = await TestApi.create();
    const { shopId } = await without.shop('そらいろ');
    const { reachable: [one = 0] = [] } = await createFellows(without.database.db, shopId, { reachable: 1 });
    const other = (await createApiKey(without.database.db, 'app')) ?? '';
    expect(await ask('PUT', path(one), native(), without, other)).toMatchObject({
      status: 409,
      body: { code: 'native_apps_off' },
    });
    expect(await ask('PUT', path(one), browser(), without, other)).toMatchObject({ status: 200 });
    await without.close();
  });
});

describe('a device', () => {
  it('that another customer registers is theirs from then on', async () => {
    const device = native();
    await register(customer(), device);
    await register(customer(1), device);
    expect([await list(customer()), await list(customer(1))]).toMatchObject([[], [{ transport: 'fcm' }]]);
  });

  it('that two customers register at the same moment has one owner', async () => {
    for (let n = 0; n < 5; n += 1) {
      const device = browser();
      await Promise.all([register(customer(), device), register(customer(1), device)]);
      const { rows } = await sql`select from subscription where endpoint = ${device.endpoint}`.execute(api.database.db);
      expect(rows).toHaveLength(1);
    }
  });

  it('too many pushes out the one that was silent longest', async () => {
    const tokens = Array.from({ length: 21 }, () => native());
    const registered = [];
    for (const [minute, device] of tokens.entries()) {
      api.clock.set(new Date(Date.UTC(2026, 11, 1, 3, minute)));
      registered.push(await register(customer(), device));
      // The first one says in time that it is still there.
      if (minute === 10) await register(customer(), tokens[0] ?? {});
    }
    const kept = (await list(customer())).map(({ deviceId }) => deviceId);
    expect(kept).toHaveLength(20);
    expect(registered.filter(({ deviceId }) => !kept.includes(deviceId))).toEqual([registered[1]]);
  });

  it('too many at once are bounded as well', async () => {
    await Promise.all(Array.from({ length: 25 }, () => register(customer(), native())));
    expect(await list(customer())).toHaveLength(20);
  });
});

describe('an endpoint', () => {
  it.each([
    'http://push.example.com/x',
    'https://127.0.0.1/x',
    'https://2130706433/x',
    'https://0x7f.0.0.1/x',
    'https://127.1:8443/x',
    'https://localhost/x',
    'https://localhost./x',
    'https://app.localhost/x',
    'https://10.1.2.3/x',
    'https://172.16.0.1/x',
    'https://192.168.1.1/x',
    'https://169.254.169.254/latest/meta-data',
    'https://100.100.100.200/x',
    'https://[::1]/x',
    'https://[::ffff:169.254.169.254]/x',
    'https://[fd00::1]/x',
    'https://[fe80::1]/x',
    'https://[2002:7f00:1::]/x',
    'https://user:secret@push.example.com/x',
    'ftp://push.example.com/x',
    'javascript:alert(1)',
    'push.example.com/x',
  ])('%s is refused', async (endpoint) => {
    expect(await refusal(browser({ endpoint }))).toEqual(['endpoint: endpoint_not_allowed']);
  });

  it('that grows too long when it is written as browsers do is refused', async () => {
    const endpoint = `https://push.example.com/${'あ'.repeat(700)}`;
    expect(await refusal(browser({ endpoint }))).toEqual(['endpoint: endpoint_not_allowed']);
  });

  it('comes with keys that can be encrypted to', async () => {
    const { keys } = browser();
    const offCurve = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 7)]).toString('base64url');
    const compressed = createECDH('prime256v1').generateKeys('base64url', 'compressed');
    for (const p256dh of ['', 'AAAA', offCurve, compressed]) {
      expect(await refusal(browser({ keys: { ...keys, p256dh } }))).toEqual(['keys.p256dh: device_keys_wrong']);
    }
    for (const auth of ['', 'AAAA', randomBytes(17).toString('base64url')]) {
      expect(await refusal(browser({ keys: { ...keys, auth } }))).toEqual(['keys.auth: device_keys_wrong']);
    }
  });

  it('whose keys are written with padding is the same', async () => {
    const { keys, ...device } = browser();
    const padded = (text: string) => Buffer.from(text, 'base64url').toString('base64');
    await register(customer(), { ...device, keys: { p256dh: padded(keys.p256dh), auth: padded(keys.auth) } });
    const row = await api.database.db
      .selectFrom('subscription')
      .where('endpoint', '=', device.endpoint)
      .select(['p256dh', 'auth'])
      .executeTakeFirst();
    expect(row).toEqual(keys);
  });

  it('is subscribed with the key that anybody may ask for, and with no other', async () => {
    const { publicKey } = webPushKeyResponse.parse((await api.request(null, 'GET', '/api/web-push-key')).body);
    expect(Buffer.from(publicKey, 'base64url')).toHaveLength(65);
    await register(customer(), browser({ applicationServerKey: publicKey }));
    const older = createECDH('prime256v1').generateKeys('base64url');
    expect(await refusal(browser({ applicationServerKey: older }))).toEqual(['applicationServerKey: device_key_old']);
  });
});

describe('a registration token', () => {
  it('is one word of at most 1,000 letters', async () => {
    for (const token of ['', 'with space', 'line\nend', 'x'.repeat(1001)]) {
      expect(await refusal({ transport: 'fcm', token })).toHaveLength(1);
    }
    expect(await list(customer())).toEqual([]);
  });
});
