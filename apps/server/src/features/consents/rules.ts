import { timingSafeEqual } from 'node:crypto';
import { hmacSha256 } from '../../lib/hmac.ts';

/** Two numbers of 7 bytes and 16 bytes of proof; 30 bytes are 40 characters with no bits to spare. */
const numberBytes = 7;
const proofBytes = 16;
/** The first byte of what is signed: it keeps the two uses of the secret apart. */
const ofProof = Buffer.from([1]);
const ofMask = Buffer.from([2]);
const tokenPattern = /^[A-Za-z0-9_-]{40}$/;

export interface TokenContents {
  customerId: number;
  pushId: number;
}

/**
 * The token of a refusal link (RFC 8058): whom it is about and from which push, readable by us alone, and impossible
 * to make or alter without the secret. Always the same for the same numbers; never expires, as a link in an old mail
 * has to work. The proof also is what hides the numbers (as in SIV, RFC 5297), so two tokens have nothing in common.
 */
export function unsubscribeToken(secret: string, customerId: number, pushId: number): string {
  const numbers = Buffer.alloc(2 * numberBytes);
  writeNumber(numbers, customerId, 0);
  writeNumber(numbers, pushId, numberBytes);
  const proof = proofOf(secret, numbers);
  return Buffer.concat([proof, masked(secret, proof, numbers)]).toString('base64url');
}

/** What a token says, or null when it is not one of ours. Takes the same time however much of it is right. */
export function readToken(secret: string, token: string): TokenContents | null {
  if (!tokenPattern.test(token)) return null;
  const bytes = Buffer.from(token, 'base64url');
  const proof = bytes.subarray(0, proofBytes);
  const numbers = masked(secret, proof, bytes.subarray(proofBytes));
  if (!timingSafeEqual(proof, proofOf(secret, numbers))) return null;
  return { customerId: readNumber(numbers, 0), pushId: readNumber(numbers, numberBytes) };
}

/** 128 bits of HMAC-SHA256. */
function proofOf(secret: string, numbers: Buffer): Buffer {
  return hmacSha256(secret, Buffer.concat([ofProof, numbers])).subarray(0, proofBytes);
}

function masked(secret: string, proof: Buffer, numbers: Buffer): Buffer {
  const mask = hmacSha256(secret, Buffer.concat([ofMask, proof]));
  return Buffer.from(numbers.map((byte, index) => byte ^ (mask[index] ?? 0)));
}

function writeNumber(target: Buffer, value: number, at: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a number of ours: ${value}`);
  target.writeUInt8(Math.floor(value / 2 ** 48), at);
  target.writeUIntBE(value % 2 ** 48, at + 1, 6);
}

function readNumber(source: Buffer, at: number): number {
  return source.readUInt8(at) * 2 ** 48 + source.readUIntBE(at + 1, 6);
}
