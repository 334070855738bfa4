/** Where a page of favourite shops ends: since when, to the microsecond, and which. */
export interface ShopPlace {
  micros: number;
  shopId: number;
}

export function writePlace({ micros, shopId }: ShopPlace): string {
  return `${micros}.${shopId}`;
}

/** Undefined for what is no place of ours: the list then begins at its beginning. */
export function readPlace(text: string | undefined): ShopPlace | undefined {
  const [, micros, shopId] = /^(-?\d{1,16})\.(\d{1,15})$/.exec(text ?? '') ?? [];
  return micros === undefined ? undefined : { micros: Number(micros), shopId: Number(shopId) };
}
