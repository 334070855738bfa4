import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Where bounces come back to, and what return paths are made with. */
export interface ReturnPaths {
  /** Its MX record leads to the receiver (receiver.ts). */
  domain: string;
  secret: string;
}

/** What a return path says; it can be believed, only we can have made it. */
export type Returned =
  | { kind: 'push'; pushId: number; customerId: number; addressTag: string }
  | { kind: 'test'; testSendId: number };

/** Local parts are 64 characters at most (RFC 5321); these are 51 with the largest numbers. */
const pushPattern = /^b\+([0-9a-z]{1,11})\.([0-9a-z]{1,11})\.([a-z2-7]{5})[a-z2-7]{20}$/;
const testPattern = /^t\+([0-9a-z]{1,11})\.[a-z2-7]{20}$/;
const proofLength = 20;

/**
 * The envelope sender of a push's e-mail to a customer: what comes back to it names both, and which address it went to
 * (a tag of 25 bits, so that a new address does not suffer for the old one). The same on every attempt. All of it is in
 * lower case, as mail servers may change case on the way.
 */
export function returnPath(
  paths: ReturnPaths,
  { pushId, customerId, email }: { pushId: number; customerId: number; email: string },
): string {
  return proven(paths, `b+${pushId.toString(36)}.${customerId.toString(36)}.${addressTag(email)}`);
}

/** The envelope sender of a test send. */
export function testReturnPath(paths: ReturnPaths, testSendId: number): string {
  return proven(paths, `t+${testSendId.toString(36)}.`);
}

/** What an address says that something came back to; null when it is none that we have made. */
export function readReturnPath(paths: ReturnPaths, address: string): Returned | null {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at).toLowerCase();
  if (at < 1 || address.slice(at + 1).toLowerCase() !== paths.domain.toLowerCase()) return null;
  const numbers = pushPattern.exec(local) ?? testPattern.exec(local);
  if (numbers === null || !isProven(paths, local)) return null;
  const [, first = '', second = '', tag = ''] = numbers;
  // Numbers of ours: the proof says so.
  if (local.startsWith('t')) return { kind: 'test', testSendId: Number.parseInt(first, 36) };
  return { kind: 'push', pushId: Number.parseInt(first, 36), customerId: Number.parseInt(second, 36), addressTag: tag };
}

/** Tells one address of a customer from another; no secret, whoever has the mail knows the address. */
export function addressTag(email: string): string {
  return base32(createHash('sha256').update(email.toLowerCase()).digest(), 5);
}

function proven(paths: ReturnPaths, body: string): string {
  return `${body}${proofOf(paths, body)}@${paths.domain}`;
}

function isProven(paths: ReturnPaths, local: string): boolean {
  const proof = local.slice(-proofLength);
  return timingSafeEqual(Buffer.from(proof), Buffer.from(proofOf(paths, local.slice(0, -proofLength))));
}

/** 100 bits of HMAC-SHA256. */
function proofOf({ secret }: ReturnPaths, body: string): string {
  return base32(createHmac('sha256', secret).update(body).digest(), proofLength);
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** The first characters of RFC 4648 base32, in lower case. */
function base32(bytes: Buffer, length: number): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(held >>> bits) & 31];
      if (text.length === length) return text;
    }
    held &= (1 << bits) - 1;
  }
  return text;
}
