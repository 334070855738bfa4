import { ECDH } from 'node:crypto';
import type { DeviceRequest } from '@coupon-push/contract/devices.ts';
import { isPrivateHost } from '../../channels/web-push/private-networks.ts';
import { fieldRefused } from '../../lib/app-error.ts';

/** A device as it is kept. */
export interface NewSubscription {
  transport: 'fcm' | 'web_push';
  /** The endpoint's URL, or the app's registration token. */
  endpoint: string;
  p256dh: string | null;
  auth: string | null;
  vapidKey: string | null;
}

/** A customer's devices beyond this leave, those first that were silent longest. */
export const maxDevices = 20;
const maxEndpoint = 2000;

/**
 * What is kept of a device. Its endpoint is called by us later, so nothing but https on the public internet is taken; a
 * name that leads inside is found out when it is called (channels/web-push).
 * @throws AppError invalid_request with the field: endpoint_not_allowed, device_keys_wrong, device_key_old
 */
export function readDevice(device: DeviceRequest, vapidPublicKey: string): NewSubscription {
  if (device.transport === 'fcm') {
    return { transport: 'fcm', endpoint: device.token, p256dh: null, auth: null, vapidKey: null };
  }
  const { endpoint, keys, applicationServerKey } = device;
  const vapidKey = applicationServerKey === undefined ? null : base64url(applicationServerKey);
  if (vapidKey !== null && vapidKey !== vapidPublicKey) throw fieldRefused('applicationServerKey', 'device_key_old');
  return {
    transport: 'web_push',
    endpoint: publicEndpoint(endpoint),
    p256dh: pointOfP256(keys.p256dh),
    auth: secretOf16Bytes(keys.auth),
    vapidKey,
  };
}

function publicEndpoint(text: string): string {
  const url = URL.parse(text);
  const usable =
    url !== null &&
    url.protocol === 'https:' &&
    url.username === '' &&
    url.password === '' &&
    !isPrivateHost(url.hostname) &&
    url.href.length <= maxEndpoint;
  if (!usable) throw fieldRefused('endpoint', 'endpoint_not_allowed');
  return url.href;
}

function pointOfP256(text: string): string {
  const point = Buffer.from(text, 'base64');
  // Something encrypted to a point beside the curve would tell of the key it was encrypted with.
  if (point.length !== 65 || point[0] !== 4 || !isOnCurve(point))
    throw fieldRefused('keys.p256dh', 'device_keys_wrong');
  return point.toString('base64url');
}

function isOnCurve(point: Buffer): boolean {
  try {
    ECDH.convertKey(point, 'prime256v1');
    return true;
  } catch {
    return false;
  }
}

function secretOf16Bytes(text: string): string {
  const secret = Buffer.from(text, 'base64');
  if (secret.length !== 16) throw fieldRefused('keys.auth', 'device_keys_wrong');
  return secret.toString('base64url');
}

/** However it was written: some libraries write base64 with padding. */
function base64url(text: string): string {
  return Buffer.from(text, 'base64').toString('base64url');
}
