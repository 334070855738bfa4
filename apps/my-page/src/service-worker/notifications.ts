import { bytesOf } from './push-key.ts';

const home = '/my/coupons';

interface Shown {
  title: string;
  options: NotificationOptions;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/**
 * What an app push shows: title, body and icon as it says; a later one of the same tag takes the earlier one's place without
 * a sound. Browsers want something shown for each push, so one that cannot be read shows the app's name.
 */
export function toNotification(payload: string | undefined): Shown {
  const said = parse(payload);
  const tag = text(said.tag);
  const body = text(said.body);
  return {
    title: text(said.title) ?? 'My Page',
    options: {
      ...(body === undefined ? {} : { body }),
      ...(tag === undefined ? {} : { tag }),
      icon: text(said.icon) ?? '/my/icon-192.png',
      badge: '/my/badge-96.png',
      silent: said.silent === true,
      data: { url: text(said.url) ?? home },
    },
  };
}

function parse(payload: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(payload ?? '');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** Where a click leads: a page of My Page, whatever the push says; the coupon box when it says none. */
export function opensApp(data: unknown, origin: string): string {
  const said = typeof data === 'object' && data !== null && 'url' in data ? text(data.url) : undefined;
  const url = URL.canParse(said ?? home, origin) ? new URL(said ?? home, origin) : new URL(home, origin);
  return url.origin === origin && url.pathname.startsWith('/my/') ? url.href : new URL(home, origin).href;
}

/** The browser gave this device another subscription, or ours ended: it is made and registered anew, with the key of today. */
export async function subscribeAnew(pushManager: PushManager): Promise<void> {
  const answer = await fetch('/api/web-push-key');
  if (!answer.ok) return;
  const { publicKey } = (await answer.json()) as { publicKey: string };
  const subscription = await pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytesOf(publicKey),
  });
  const { endpoint, keys } = subscription.toJSON();
  await fetch('/api/my/devices', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ endpoint, keys, applicationServerKey: publicKey, agreed: false }),
  });
}
