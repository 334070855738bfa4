import type { Device, DeviceRequest } from '@coupon-push/contract/devices.ts';
import type { MyDeviceRequest } from '@coupon-push/contract/my-page.ts';
import type { Db, Trx } from '../../db/database.ts';
import { AppError } from '../../lib/app-error.ts';
import { agreeToAppPush } from '../consents/service.ts';
import {
  deleteBeyond,
  deleteOfOthers,
  deleteSubscription,
  type SubscriptionRow,
  selectCustomerId,
  selectSubscriptions,
  takeTurns,
  upsertSubscription,
} from './db.ts';
import { maxDevices, readDevice } from './rules.ts';

/** What of this deployment decides about devices. */
export interface DeviceSettings {
  /** What browsers subscribe with. */
  vapidPublicKey: string;
  /** Is there a service account to reach native apps with? */
  nativeApps: boolean;
}

/**
 * Registers a device of a customer; the caller knows that it is this customer. One that is known stays the same; one that
 * was somebody else's changes its owner (a phone that is shared, or was given away); of more than 20 those leave that
 * were silent longest. It says nothing about consent: app pushes go to those who accept them.
 * @throws AppError native_apps_off; invalid_request with the field that is wrong
 */
export async function registerDevice(
  trx: Trx,
  customerId: number,
  request: DeviceRequest,
  { now, settings }: { now: Date; settings: DeviceSettings },
): Promise<Device> {
  if (request.transport === 'fcm' && !settings.nativeApps) throw new AppError('native_apps_off');
  const subscription = readDevice(request, settings.vapidPublicKey);
  await takeTurns(trx, { endpoint: subscription.endpoint, customerId });
  await deleteOfOthers(trx, subscription.endpoint, customerId);
  const row = await upsertSubscription(trx, customerId, subscription, now);
  if (row === undefined) throw new Error('an upsert returned nothing');
  await deleteBeyond(trx, customerId, maxDevices);
  return toDevice(row);
}

/**
 * A customer's browser. Who was asked and has just agreed gives the consent to app pushes with it, and that is kept as said on
 * My Page. A browser that merely says again that it is there gives none: the customer may have withdrawn it elsewhere, and then
 * nothing is sent to it. Removing devices, the last one too, withdraws nothing: a consent is to app pushes and not to a device,
 * who changes phones has not taken it back, and it is taken back where it says so (preferences, the page of every e-mail).
 * @throws AppError invalid_request with the field that is wrong
 */
export async function registerOwnDevice(
  trx: Trx,
  customerId: number,
  { agreed, ...device }: MyDeviceRequest,
  options: { now: Date; settings: DeviceSettings },
): Promise<Device> {
  const registered = await registerDevice(trx, customerId, { ...device, transport: 'web_push' }, options);
  if (agreed) {
    const said = { customerId, how: 'my_page', source: 'my page', at: options.now };
    await agreeToAppPush(trx, said);
  }
  return registered;
}

/** Idempotent: a device that is not there, or not this customer's, is left as it is. */
export async function removeDevice(db: Db | Trx, customerId: number, deviceId: number): Promise<void> {
  await deleteSubscription(db, customerId, deviceId);
}

/** The customer's devices, the newest confirmation first. */
export async function listDevices(db: Db | Trx, customerId: number): Promise<Device[]> {
  return (await selectSubscriptions(db, customerId)).map(toDevice);
}

/** @throws AppError customer_unknown */
export async function customerByNumber(db: Db | Trx, customerNo: string): Promise<number> {
  const customerId = await selectCustomerId(db, customerNo);
  if (customerId === undefined) throw new AppError('customer_unknown');
  return customerId;
}

/** Without the endpoint and its keys: who knows them can send to the device. */
function toDevice({ id, transport, endpoint, createdAt, confirmedAt }: SubscriptionRow): Device {
  return {
    deviceId: id,
    transport,
    service: transport === 'web_push' ? new URL(endpoint).host : null,
    registeredAt: createdAt.toISOString(),
    confirmedAt: confirmedAt.toISOString(),
  };
}
