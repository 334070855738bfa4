import { createCipheriv, createECDH, randomBytes } from 'node:crypto';
import { hmacSha256 } from '../../lib/hmac.ts';

/** A subscription's keys as browsers give them, base64url. */
export interface SubscriptionKeys {
  p256dh: string;
  auth: string;
}

/** What is new for every message. */
export interface MessageSecrets {
  /** The sender's public key for this message, uncompressed. */
  publicKey: Buffer;
  /** That key agreed with the receiver's. */
  shared: Buffer;
  /** 16 bytes. */
  salt: Buffer;
}

const keyBytes = 65;
const authBytes = 16;
/** As every push service takes it (RFC 8291 4): one record, whatever its length. */
const recordSize = 4096;
const headerBytes = 21;

// RFC 8291 3.4 and RFC 8188 2.2, each with the counter of HKDF's one block.
const keyLabel = Buffer.from('WebPush: info\0', 'latin1');
const contentKeyInfo = Buffer.from('Content-Encoding: aes128gcm\0\x01', 'latin1');
const nonceInfo = Buffer.from('Content-Encoding: nonce\0\x01', 'latin1');
const lastBlock = Buffer.from([1]);
const lastRecord = Buffer.from([2]);

/** Only used between two lines of one function: making the object anew takes a tenth longer. */
const ecdh = createECDH('prime256v1');

/**
 * Encrypts one message (RFC 8291, aes128gcm), with a key pair and a salt of its own. Own code because it is most of what an
 * app push costs, and takes two thirds of the time of the package's (docs/performance.md).
 * @throws Error when nothing can be encrypted to these keys.
 */
export function encryptMessage(keys: SubscriptionKeys, text: string): Buffer {
  const receiver = decoded(keys.p256dh, keyBytes, 'p256dh');
  const publicKey = ecdh.generateKeys();
  const shared = ecdh.computeSecret(receiver);
  return encryptWith({ publicKey, shared, salt: randomBytes(16) }, keys, text);
}

/** The same with given secrets: for the example of RFC 8291. */
export function encryptWith(secrets: MessageSecrets, keys: SubscriptionKeys, text: string): Buffer {
  const { publicKey, shared, salt } = secrets;
  const receiver = decoded(keys.p256dh, keyBytes, 'p256dh');
  const auth = decoded(keys.auth, authBytes, 'auth');
  const keyMaterial = hmacSha256(hmacSha256(auth, shared), Buffer.concat([keyLabel, receiver, publicKey, lastBlock]));
  const prk = hmacSha256(salt, keyMaterial);
  const contentKey = hmacSha256(prk, contentKeyInfo).subarray(0, 16);
  const nonce = hmacSha256(prk, nonceInfo).subarray(0, 12);
  const cipher = createCipheriv('aes-128-gcm', contentKey, nonce);
  const record = cipher.update(Buffer.concat([Buffer.from(text), lastRecord]));
  cipher.final();
  const header = Buffer.alloc(headerBytes);
  salt.copy(header);
  header.writeUInt32BE(recordSize, 16);
  header.writeUInt8(keyBytes, 20);
  return Buffer.concat([header, publicKey, record, cipher.getAuthTag()]);
}

function decoded(text: string, bytes: number, name: string): Buffer {
  const value = Buffer.from(text, 'base64url');
  if (value.length !== bytes) throw new Error(`${name} has ${value.length} bytes and not ${bytes}`);
  return value;
}
