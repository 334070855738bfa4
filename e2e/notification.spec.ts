import { type BrowserContext, type CDPSession, chromium, expect, type Page, type Worker } from '@playwright/test';
import { findFullChromium } from './chromium.ts';
import { actAs, customersOf } from './my-page-steps.ts';
import { test } from './product.ts';
import { query } from './steps.ts';

// A headless shell denies notifications, whatever it is told; so these need a full Chromium, which npm does not bring.
const executablePath = findFullChromium(process.env);

if (executablePath === undefined) {
  console.log('notification.spec.ts: no full Chromium on this machine (CHROMIUM, /usr/bin/chromium): not run.');
} else {
  test.use({ productFor: 'my-page' });

  test('an app push is shown once, whatever is repeated, and opens the coupon box; a reminder makes no sound', async ({
    product,
  }) => {
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    const context = await browser.newContext({
      baseURL: product.url,
      locale: 'ja-JP',
      permissions: ['notifications'],
    });
    const page = await context.newPage();
    const [customer] = await customersOf(page, 'ja');
    await actAs(page, customer, '/my/settings');
    // Nothing is asked for by opening a page: the question is the customer's to ask for.
    await page.getByRole('button', { name: '通知をオンにする' }).click();
    await expect(page.getByRole('dialog', { name: 'クーポンの通知を受け取りますか？' })).toBeVisible();
    await page.keyboard.press('Escape');
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));

    // What the engine sends to this customer's devices: the message that was frozen at dispatch, and the push's tag.
    const [sent] = (await query(
      product,
      `select push_id as "pushId", message -> 'appPush' as message from push_message where language = 'ja' limit 1`,
    )) as { pushId: number; message: { title: string; body: string; url: string } }[];
    const deliver = await deliverer(context, page);
    const payload = JSON.stringify({ ...sent?.message, tag: `push-${sent?.pushId}` });
    await deliver(payload);
    await deliver(payload);
    const pushed = {
      title: 'クーポンモール',
      body: sent?.message.body,
      tag: `push-${sent?.pushId}`,
      silent: false,
      icon: `${product.url}/my/icon-192.png`,
    };
    expect(await shown(page)).toEqual([pushed]);

    const reminder = {
      title: 'クーポンモール',
      body: 'もうすぐ',
      url: sent?.message.url,
      silent: true,
      tag: 'reminder-1',
    };
    await deliver(JSON.stringify(reminder));
    // Whatever a push service hands on, something readable is shown.
    await deliver('not json');
    const all = await shown(page);
    expect(all).toHaveLength(3);
    expect(all.find(({ tag }) => tag === 'reminder-1')).toMatchObject({ body: 'もうすぐ', silent: true });

    await forcedReload(context, page);
    await clickOn(context, `push-${sent?.pushId}`);
    await page.waitForURL('**/my/coupons');
    await expect(page.getByRole('article').first()).toBeVisible();
    expect((await shown(page)).map(({ tag }) => tag)).not.toContain(`push-${sent?.pushId}`);
    await browser.close();
  });
}

interface Shown {
  title: string;
  body: string;
  tag: string;
  silent: boolean;
  icon: string;
}

function shown(page: Page): Promise<Shown[]> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const notifications = await registration.getNotifications();
    return notifications.map(({ title, body, tag, silent, icon }) => ({
      title,
      body,
      tag,
      silent: silent === true,
      icon,
    }));
  });
}

/**
 * Hands a payload to the service worker as the browser's push service does, decrypted; and waits until it is shown. Asking what
 * is shown must wait for that: Chromium forgets a notification when it is asked while it shows it.
 */
async function deliverer(context: BrowserContext, page: Page): Promise<(data: string) => Promise<void>> {
  const session: CDPSession = await context.newCDPSession(page);
  const registered = new Promise<string>((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const ours = registrations.find(({ scopeURL }) => scopeURL.endsWith('/my/'));
      if (ours !== undefined) resolve(ours.registrationId);
    });
  });
  await session.send('ServiceWorker.enable');
  const registrationId = await registered;
  const { origin } = new URL(page.url());
  const worker = await serviceWorkerOf(context);
  await worker.evaluate(`(() => {
    const show = self.registration.showNotification.bind(self.registration);
    self.shown = 0;
    self.registration.showNotification = async (...notification) => {
      await show(...notification);
      self.shown += 1;
    };
  })()`);
  let delivered = 0;
  return async (data) => {
    await session.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data });
    delivered += 1;
    await expect.poll(() => worker.evaluate('self.shown')).toBe(delivered);
  };
}

async function serviceWorkerOf(context: BrowserContext): Promise<Worker> {
  return context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
}

/** Loads the page past its service worker, as one may be that loads while the worker takes over; it asks to be its own again. */
async function forcedReload(context: BrowserContext, page: Page): Promise<void> {
  const session = await context.newCDPSession(page);
  const loaded = page.waitForEvent('load');
  await session.send('Page.reload', { ignoreCache: true });
  await loaded;
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe('activated');
}

/** A headless browser has no place to click on: its service worker is told of the click. */
async function clickOn(context: BrowserContext, tag: string): Promise<void> {
  const worker = await serviceWorkerOf(context);
  await worker.evaluate(`(async () => {
    const [notification] = await self.registration.getNotifications({ tag: ${JSON.stringify(tag)} });
    self.dispatchEvent(new NotificationEvent('notificationclick', { notification }));
  })()`);
}
