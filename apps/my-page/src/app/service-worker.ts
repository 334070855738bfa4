import { confirmHere } from '../features/app-push/subscription.ts';

/** Starts the service worker, which keeps what was loaded and shows app pushes. Without one the app works as well. */
export function startServiceWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  void navigator.serviceWorker
    .register('/my/service-worker.js', { scope: '/my/', updateViaCache: 'none' })
    .then(() => confirmHere())
    .catch(() => undefined);
}
