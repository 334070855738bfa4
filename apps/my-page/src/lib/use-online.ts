import { useSyncExternalStore } from 'react';

let reached = true;
const listeners = new Set<() => void>();

/**
 * What came of a request: `kept` is an answer of the service worker's, from an earlier time. That says more than the browser,
 * which takes any network for the internet.
 */
export function noticeAnswer(answer: 'fresh' | 'kept' | 'none'): void {
  reached = answer === 'fresh';
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('online', listener);
  addEventListener('offline', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
  };
}

/** Is the server within reach, as far as is known? */
export function useOnline(): boolean {
  return useSyncExternalStore(subscribe, () => navigator.onLine && reached);
}
