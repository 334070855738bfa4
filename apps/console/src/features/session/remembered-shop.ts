import { readStored, writeStored } from '../../lib/storage.ts';

const key = 'coupon-push.shop';

/** The shop that was open last in this browser is where the next visit begins. */
export function rememberShop(shopId: string): void {
  if (readStored(key) !== shopId) writeStored(key, shopId);
}

/** Of a person's shops the one that was open last, or else the first. */
export function rememberedShop<S extends { id: number }>(shops: readonly S[]): S | undefined {
  const remembered = readStored(key);
  return shops.find(({ id }) => String(id) === remembered) ?? shops[0];
}
