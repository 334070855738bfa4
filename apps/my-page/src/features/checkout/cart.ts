import { useSyncExternalStore } from 'react';
import { readStored, writeStored } from '../../lib/storage.ts';

/** Item number to quantity. */
export type Cart = Readonly<Record<string, number>>;

const most = 99;
const none: Cart = {};
const known = new Map<string, Cart>();
const listeners = new Set<() => void>();

const storageKey = (shopNo: string) => `coupon-push.cart.${shopNo}`;

/** A shop's cart in this browser, which outlives a reload. */
export function useCart(shopNo: string): Cart {
  return useSyncExternalStore(subscribe, () => readCart(shopNo));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function readCart(shopNo: string): Cart {
  const kept = known.get(shopNo) ?? parse(readStored('sessionStorage', storageKey(shopNo)));
  known.set(shopNo, kept);
  return kept;
}

/** What another version of this app kept may be anything. */
function parse(stored: string | null): Cart {
  try {
    const value: unknown = JSON.parse(stored ?? '{}');
    if (typeof value !== 'object' || value === null) return none;
    const lines = Object.entries(value).filter(([, quantity]) => Number.isInteger(quantity) && quantity > 0);
    return Object.fromEntries(lines.map(([itemNo, quantity]) => [itemNo, Math.min(Number(quantity), most)]));
  } catch {
    return none;
  }
}

/** Sets how many of an item are in the cart; 0 takes it out. */
export function putIntoCart(shopNo: string, itemNo: string, quantity: number): void {
  const { [itemNo]: _, ...others } = readCart(shopNo);
  keep(shopNo, quantity > 0 ? { ...others, [itemNo]: Math.min(quantity, most) } : others);
}

export function emptyCart(shopNo: string): void {
  keep(shopNo, none);
}

function keep(shopNo: string, cart: Cart): void {
  known.set(shopNo, cart);
  writeStored('sessionStorage', storageKey(shopNo), cart === none ? null : JSON.stringify(cart));
  for (const listener of listeners) listener();
}

/** How many pieces there are in all. */
export function piecesOf(cart: Cart): number {
  return Object.values(cart).reduce((sum, quantity) => sum + quantity, 0);
}
