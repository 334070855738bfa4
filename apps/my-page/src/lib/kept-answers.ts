import { answersCache } from '../service-worker/cache-names.ts';

/** Forgets what the service worker kept of the API's answers for the time without a network. */
export async function forgetKept(): Promise<void> {
  if (!('caches' in window)) return;
  await caches.delete(answersCache).catch(() => false);
}
