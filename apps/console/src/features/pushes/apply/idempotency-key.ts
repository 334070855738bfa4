import { randomUuid } from '../../../lib/random-uuid.ts';
import { readStored, removeStored, writeStored } from '../../../lib/storage.ts';

interface Kept {
  text: string;
  key: string;
}

/** Also kept here, for browsers that keep nothing. */
const kept = new Map<number, Kept>();

function storageKey(shopId: number): string {
  return `coupon-push.apply-key.${shopId}`;
}

/**
 * The key of a confirmed application. The same application gives the same key until it is answered, also after a
 * reload, so that a repeated request cannot make a second push.
 */
export function keyFor(shopId: number, application: unknown): string {
  const text = JSON.stringify(application);
  const last = kept.get(shopId) ?? (readStored(storageKey(shopId)) as Partial<Kept> | null);
  if (last?.text === text && typeof last.key === 'string') return last.key;
  const next = { text, key: randomUuid() };
  kept.set(shopId, next);
  writeStored(storageKey(shopId), next);
  return next.key;
}

/** The application was answered for good: the next one is a new one. */
export function dropKey(shopId: number): void {
  kept.delete(shopId);
  removeStored(storageKey(shopId));
}
