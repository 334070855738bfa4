import { readStored, removeStored, writeStored } from '../../../lib/storage.ts';

/** A random UUID (RFC 9562, version 4), also on pages without TLS, where `crypto.randomUUID` is missing. */
export function randomUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

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
