import type { OrderRow } from './db.ts';

const day = 86_400_000;

/** Purchases and amount of a recipient are those of the last seven days (spec 3.8). */
export function purchasesSince(now: Date): Date {
  return new Date(now.getTime() - 7 * day);
}

/** An upload that no application uses is kept this long. */
export function uploadExpiry(now: Date): Date {
  return new Date(now.getTime() + 7 * day);
}

/** As many uploads as a shop may have at once; a further one replaces the oldest. */
export const uploadsKept = 20;

/** Chosen order numbers as if they were the rows of a file. No order number has control characters in it. */
export function rowsOfOrders(orderNos: readonly string[]): OrderRow[] {
  return orderNos.map((text, index) => ({ rowNo: index + 1, text, orderNo: orderNoOf(text) }));
}

function orderNoOf(text: string): string | null {
  return /\p{Cc}/u.test(text) ? null : text.normalize('NFKC');
}

/**
 * What is looked for in the list: in lower case, without the asterisks of a masked ID that was copied from it. Undefined
 * when nothing is left.
 */
export function searchedText(typed: string | undefined): string | undefined {
  const text = (typed ?? '')
    .normalize('NFKC')
    .replaceAll(/\p{Cc}/gu, '')
    .trim()
    .replace(/\*+$/, '')
    .toLowerCase();
  return text === '' ? undefined : text;
}
