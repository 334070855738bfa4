import { doneResponse } from '@coupon-push/contract/common.ts';
import {
  customerParams,
  deviceParams,
  deviceRequest,
  deviceSchema,
  devicesResponse,
  webPushKeyResponse,
} from '@coupon-push/contract/devices.ts';
import type { FastifyRequest } from 'fastify';
import { keptVapidKeys } from '../../channels/web-push/kept-keys.ts';
import type { Db } from '../../db/database.ts';
import type { HttpServer } from '../../http/server.ts';
import type { Clock } from '../../lib/clock.ts';
import type { ApiKeys } from '../api-keys/service.ts';
import { customerByNumber, type DeviceSettings, listDevices, registerDevice, removeDevice } from './service.ts';

interface SubscriptionDeps {
  db: Db;
  clock: Clock;
  apiKeys: ApiKeys;
  nativeApps: boolean;
}

/** Customers' devices, as the marketplace's own systems register them, each with an API key. */
export function registerSubscriptionRoutes(
  app: HttpServer,
  { db, clock, apiKeys, nativeApps }: SubscriptionDeps,
): void {
  const settings = deviceSettings(db, nativeApps);
  const route = {
    // Before the body is read: a stranger's is not. All customers' apps come by way of one system.
    onRequest: async (request: FastifyRequest) => {
      await apiKeys.authenticate(request);
    },
    config: { rateLimit: false },
  } as const;
  const documented = { tags: ['devices'], security: [{ apiKey: [] }] };

  app.put(
    '/api/customers/:customerNo/devices',
    {
      ...route,
      schema: { ...documented, params: customerParams, body: deviceRequest, response: { 200: deviceSchema } },
    },
    async ({ params, body }) => {
      const options = { now: clock.now(), settings: await settings() };
      return await db.transaction().execute(async (trx) => {
        return await registerDevice(trx, await customerByNumber(trx, params.customerNo), body, options);
      });
    },
  );

  app.get(
    '/api/customers/:customerNo/devices',
    { ...route, schema: { ...documented, params: customerParams, response: { 200: devicesResponse } } },
    async ({ params }) => ({ devices: await listDevices(db, await customerByNumber(db, params.customerNo)) }),
  );

  app.delete(
    '/api/customers/:customerNo/devices/:deviceId',
    { ...route, schema: { ...documented, params: deviceParams, response: { 200: doneResponse } } },
    async ({ params }) => {
      await removeDevice(db, await customerByNumber(db, params.customerNo), params.deviceId);
      return { done: true as const };
    },
  );

  // The public half of the key: it stands in every subscription.
  app.get('/api/web-push-key', { schema: { tags: ['devices'], response: { 200: webPushKeyResponse } } }, async () => ({
    publicKey: (await settings()).vapidPublicKey,
  }));
}

/** The key never changes once it is made, so it is read once, at the first request. */
export function deviceSettings(db: Db, nativeApps: boolean): () => Promise<DeviceSettings> {
  let known: DeviceSettings | undefined;
  return async () => {
    known ??= { vapidPublicKey: (await keptVapidKeys(db)).publicKey, nativeApps };
    return known;
  };
}
