import { useEffect, useState, useSyncExternalStore } from 'react';

/** The marketplace's clock: how far it is ahead of this computer's, ms. The demo can move it. */
let aheadMs = 0;
const listeners = new Set<() => void>();

/** Sets the marketplace's clock by an answer that was just received. */
export function setMarketplaceNow(now: string): void {
  aheadMs = new Date(now).getTime() - Date.now();
  for (const listener of listeners) listener();
}

export function marketplaceNow(): Date {
  return new Date(Date.now() + aheadMs);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The marketplace's time, as of at most `everyMs` ago. */
export function useMarketplaceNow(everyMs = 1000): Date {
  const ahead = useSyncExternalStore(subscribe, () => aheadMs);
  const [local, setLocal] = useState(() => Date.now());
  useEffect(() => {
    setLocal(Date.now());
    const timer = setInterval(() => setLocal(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return new Date(local + ahead);
}
