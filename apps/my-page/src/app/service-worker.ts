import { confirmHere } from '../features/app-push/subscription.ts';
import { claimMessage } from '../service-worker/claim.ts';

/** Starts the service worker, which keeps what was loaded and shows app pushes. Without one the app works as well. */
export function startServiceWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  void navigator.serviceWorker
    .register('/my/service-worker.js', { scope: '/my/', updateViaCache: 'none' })
    .then(() => navigator.serviceWorker.ready)
    .then(({ active }) => {
      // A page that loaded while the worker took over is not controlled by it: nothing of it would be kept, no click lead it.
      if (navigator.serviceWorker.controller === null) active?.postMessage(claimMessage);
      return confirmHere();
    })
    .catch(() => undefined);
}
