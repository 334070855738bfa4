import type { OrderPlace } from './db.ts';

export function writePlace({ micros, orderNo }: OrderPlace): string {
  return `${micros}.${orderNo}`;
}

/** Undefined for what is no place of ours: the list then begins at its beginning. */
export function readPlace(text: string | undefined): OrderPlace | undefined {
  const [, micros, orderNo] = /^(-?\d{1,16})\.([^\p{Cc}]+)$/u.exec(text ?? '') ?? [];
  return micros === undefined || orderNo === undefined ? undefined : { micros: Number(micros), orderNo };
}

/**
 * An order number as it is kept: width and what came along when it was copied do not matter. Spaces inside belong to it, as
 * they do in a file of order numbers.
 */
export function orderNoOf(typed: string | undefined): string | undefined {
  const text = (typed ?? '')
    .normalize('NFKC')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim();
  return text === '' ? undefined : text;
}
