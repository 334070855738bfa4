import { doneResponse } from '@coupon-push/contract/common.ts';
import { deviceSchema, devicesResponse } from '@coupon-push/contract/devices.ts';
import { myDeviceParams, myDeviceRequest } from '@coupon-push/contract/my-page.ts';
import type { MyPageDeps } from '../../http/customer.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import { deviceSettings } from './routes.ts';
import { listDevices, registerOwnDevice, removeDevice } from './service.ts';

/** The browsers of a signed-in customer. */
export function registerMyDeviceRoutes(app: HttpServer, { db, clock, customer }: MyPageDeps): void {
  const settings = deviceSettings(db, false);
  const tags = ['my page'];

  app.put(
    '/api/my/devices',
    { schema: { tags, body: myDeviceRequest, response: responses(deviceSchema) } },
    async (request, reply) => {
      const { customerId } = await customer(request, reply);
      const options = { now: clock.now(), settings: await settings() };
      return await db.transaction().execute((trx) => registerOwnDevice(trx, customerId, request.body, options));
    },
  );

  app.get('/api/my/devices', { schema: { tags, response: responses(devicesResponse) } }, async (request, reply) => ({
    devices: await listDevices(db, (await customer(request, reply)).customerId),
  }));

  app.delete(
    '/api/my/devices/:deviceId',
    { schema: { tags, params: myDeviceParams, response: responses(doneResponse) } },
    async (request, reply) => {
      const { customerId } = await customer(request, reply);
      await removeDevice(db, customerId, request.params.deviceId);
      return { done: true as const };
    },
  );
}
