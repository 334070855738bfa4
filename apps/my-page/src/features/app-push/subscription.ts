import type { Device } from '@coupon-push/contract/devices.ts';
import type { MyDeviceRequest } from '@coupon-push/contract/my-page.ts';
import { request } from '../../lib/http.ts';
import { readStored, writeStored } from '../../lib/storage.ts';
import { bytesOf, keyOf } from '../../service-worker/push-key.ts';

const devicesAddress = '/api/my/devices';
/** Under which number this browser is registered. */
const deviceKey = 'coupon-push.device';

/** What this browser can do about notifications, and does. */
export type PushState = 'unsupported' | 'denied' | 'off' | 'on';

function canNotify(): boolean {
  return 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;
}

/** How this browser stands to notifications; asks for nothing. */
export async function pushState(): Promise<PushState> {
  if (!canNotify()) return 'unsupported';
  if (Notification.permission === 'denied') return 'denied';
  const subscription = Notification.permission === 'granted' ? await currentSubscription() : null;
  return subscription === null ? 'off' : 'on';
}

async function currentSubscription(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker.getRegistration();
  return (await registration?.pushManager.getSubscription()) ?? null;
}

/**
 * Asks the browser for permission, subscribes and registers this device. Only called after the customer said yes to a clear
 * question, by a click.
 * @returns `denied` when the browser or the customer says no there.
 * @throws ApiError, or what the browser's push service says.
 */
export async function turnOnHere(): Promise<'on' | 'denied'> {
  if ((await Notification.requestPermission()) !== 'granted') return 'denied';
  await register(true);
  return 'on';
}

/** This device gets no more notifications. */
export async function turnOffHere(): Promise<void> {
  if (!canNotify()) return;
  const deviceId = readStored('localStorage', deviceKey);
  writeStored('localStorage', deviceKey, null);
  // First, as the browser may fail to end its part. Where this is not heard, the push service says at the next push that the
  // device is gone.
  if (deviceId !== null) await request(`${devicesAddress}/${deviceId}`, 'DELETE').catch(() => undefined);
  const subscription = await currentSubscription();
  await subscription?.unsubscribe();
}

/**
 * At each start of a browser that is subscribed: with another key it subscribes anew, and the device becomes that of who is
 * signed in now. Says nothing new about consent, and asks for nothing.
 */
export async function confirmHere(): Promise<void> {
  if ((await pushState()) === 'on') await register(false);
}

async function register(agreed: boolean): Promise<void> {
  const { publicKey } = await request<{ publicKey: string }>('/api/web-push-key');
  const { pushManager } = await navigator.serviceWorker.ready;
  let subscription = await pushManager.getSubscription();
  if (subscription !== null && keyOf(subscription) !== publicKey) {
    await subscription.unsubscribe();
    subscription = null;
  }
  subscription ??= await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(publicKey) });
  const { endpoint, keys } = subscription.toJSON();
  const device: MyDeviceRequest = {
    endpoint: endpoint ?? '',
    keys: { p256dh: keys?.p256dh ?? '', auth: keys?.auth ?? '' },
    applicationServerKey: publicKey,
    agreed,
  };
  const { deviceId } = await request<Device>(devicesAddress, 'PUT', device);
  writeStored('localStorage', deviceKey, String(deviceId));
}
