/// <reference lib="webworker" />
import { answerFor, forgetOldCaches, keepShell } from './answers.ts';
import { claimMessage } from './claim.ts';
import { opensApp, subscribeAnew, toNotification } from './notifications.ts';

declare const self: ServiceWorkerGlobalScope;

self.addEventListener('install', (event) => {
  event.waitUntil(keepShell().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(forgetOldCaches().then(() => self.clients.claim()));
});

self.addEventListener('message', (event) => {
  if (event.data === claimMessage) event.waitUntil(self.clients.claim());
});

self.addEventListener('fetch', (event) => {
  const answer = answerFor(event.request, (work) => event.waitUntil(work));
  if (answer !== undefined) event.respondWith(answer);
});

self.addEventListener('push', (event) => {
  const { title, options } = toNotification(event.data?.text());
  event.waitUntil(self.registration.showNotification(title, options));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const address = opensApp(event.notification.data, self.location.origin);
  event.waitUntil(openAt(address));
});

self.addEventListener('pushsubscriptionchange', (event) => {
  (event as ExtendableEvent).waitUntil(subscribeAnew(self.registration.pushManager));
});

/** In a window of the app that is open already, else in a new one. */
async function openAt(address: string): Promise<void> {
  const [ours] = await self.clients.matchAll({ type: 'window' });
  if (ours === undefined) {
    await self.clients.openWindow(address);
    return;
  }
  // A browser may keep the window where it is; the page is shown in it all the same.
  await ours.focus().catch(() => undefined);
  await ours.navigate(address);
}
