import { createHmac, timingSafeEqual } from 'node:crypto';

const hour = 3_600_000;

/** A link that verifies an address works for a day. */
export function verificationExpiry(now: Date): Date {
  return new Date(now.getTime() + 24 * hour);
}

/** A new link can be asked for so long after the last one. */
export const askAgainMs = 60_000;

/** Customer and expiry in seconds, 7 bytes each, and 16 bytes of proof: 40 characters with no bits to spare. */
const numbersBytes = 14;
const proofBytes = 16;
const tokenPattern = /^[A-Za-z0-9_-]{40}$/;

interface Link {
  customerId: number;
  expiresAt: Date;
}

/**
 * The token of a link that verifies an address. Whom it is about and until when can be read by us alone; the proof also
 * covers the address, so that it verifies no other one. It is kept nowhere.
 */
export function verificationToken(secret: string, { customerId, expiresAt }: Link, address: string): string {
  const numbers = Buffer.alloc(numbersBytes);
  numbers.writeUInt8(Math.floor(customerId / 2 ** 48), 0);
  numbers.writeUIntBE(customerId % 2 ** 48, 1, 6);
  numbers.writeUIntBE(Math.floor(expiresAt.getTime() / 1000), 8, 6);
  const proof = proofOf(secret, numbers, address);
  return Buffer.concat([proof, masked(secret, proof, numbers)]).toString('base64url');
}

/** What a token seems to say; whether it is ours is known with the customer's address only, see isProven. */
export function readVerificationToken(secret: string, token: string): Link | null {
  if (!tokenPattern.test(token)) return null;
  const bytes = Buffer.from(token, 'base64url');
  const numbers = masked(secret, bytes.subarray(0, proofBytes), bytes.subarray(proofBytes));
  const customerId = numbers.readUInt8(0) * 2 ** 48 + numbers.readUIntBE(1, 6);
  if (!Number.isSafeInteger(customerId)) return null;
  return { customerId, expiresAt: new Date(numbers.readUIntBE(8, 6) * 1000) };
}

/** Is the token ours, and about this address? Takes the same time however much of it is right. */
export function isProven(secret: string, token: string, address: string): boolean {
  if (!tokenPattern.test(token)) return false;
  const bytes = Buffer.from(token, 'base64url');
  const proof = bytes.subarray(0, proofBytes);
  return timingSafeEqual(proof, proofOf(secret, masked(secret, proof, bytes.subarray(proofBytes)), address));
}

/** The first byte keeps these apart from the other uses of the secret (consents/rules.ts). */
function proofOf(secret: string, numbers: Buffer, address: string): Buffer {
  const hmac = createHmac('sha256', secret).update('\x03').update(numbers);
  return hmac.update(address.toLowerCase()).digest().subarray(0, proofBytes);
}

function masked(secret: string, proof: Buffer, numbers: Buffer): Buffer {
  const mask = createHmac('sha256', secret).update('\x04').update(proof).digest();
  return Buffer.from(numbers.map((byte, index) => byte ^ (mask[index] ?? 0)));
}
