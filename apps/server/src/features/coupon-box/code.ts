import { createHmac, timingSafeEqual } from 'node:crypto';

/** An issued coupon, by its key. */
export interface IssuedCouponKey {
  customerId: number;
  pushId: number;
}

/** Crockford's base 32: no I, L, O and U, which are misread. */
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codePattern = /^[0-9A-HJKMNP-TV-Z]{20}$/;

// 100 bits: who (36, 68,000 million customers), which push (28, 268 million), and the proof (36).
const customerBits = 36n;
const pushBits = 28n;
const proofBits = 36n;
const numberBits = customerBits + pushBits;

/**
 * The code of an issued coupon as its customer sees it: `7K2M-9QXD-0R4T-ZB1E-HN6W`. Always the same for the same coupon,
 * so it is stored nowhere. Without the secret nobody can read who it belongs to, alter it, or make one: of 69,000 million
 * guesses one is right, and is then of use to that one customer alone.
 * @throws RangeError for numbers beyond what a code holds.
 */
export function couponCode(secret: string, { customerId, pushId }: IssuedCouponKey): string {
  const numbers = (checked(customerId, customerBits) << pushBits) | checked(pushId, pushBits);
  const proof = proofOf(secret, numbers);
  return inGroups((proof << numberBits) | (numbers ^ maskOf(secret, proof)));
}

/**
 * Whose coupon a code is, or null when it is none of ours. Small letters, spaces, any dashes and full-width characters
 * are read too, as are the letters that look like digits. Takes the same time however much of it is right.
 */
export function readCouponCode(secret: string, text: string): IssuedCouponKey | null {
  if (text.length > 60) return null;
  const plain = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '');
  const code = plain.replaceAll('O', '0').replace(/[IL]/g, '1');
  if (!codePattern.test(code)) return null;
  const bits = [...code].reduce((sum, digit) => (sum << 5n) | BigInt(digits.indexOf(digit)), 0n);
  const proof = bits >> numberBits;
  const numbers = BigInt.asUintN(Number(numberBits), bits) ^ maskOf(secret, proof);
  if (!timingSafeEqual(bytesOf(proof), bytesOf(proofOf(secret, numbers)))) return null;
  return {
    customerId: Number(numbers >> pushBits),
    pushId: Number(BigInt.asUintN(Number(pushBits), numbers)),
  };
}

function inGroups(bits: bigint): string {
  let code = '';
  for (let shift = 95n; shift >= 0n; shift -= 5n) {
    code += digits[Number((bits >> shift) & 31n)];
    if (shift > 0n && shift % 20n === 0n) code += '-';
  }
  return code;
}

/** The first byte keeps the two uses of the secret apart. The proof also hides the numbers (as in SIV, RFC 5297). */
function proofOf(secret: string, numbers: bigint): bigint {
  return leading(createHmac('sha256', secret).update('\x01').update(bytesOf(numbers)).digest(), proofBits);
}

function maskOf(secret: string, proof: bigint): bigint {
  return leading(createHmac('sha256', secret).update('\x02').update(bytesOf(proof)).digest(), numberBits);
}

function leading(hash: Buffer, bits: bigint): bigint {
  return hash.readBigUInt64BE(0) >> (64n - bits);
}

function bytesOf(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

function checked(value: number, bits: bigint): bigint {
  if (!Number.isSafeInteger(value) || value < 0 || value >= 2 ** Number(bits)) {
    throw new RangeError(`a coupon code cannot hold ${value}`);
  }
  return BigInt(value);
}
