import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../../lib/app-error.ts';
import { type Failure, failureOf } from '../rules.ts';
import { demandRecent, parseJson, type ReadNotification, readable, refused } from './provider.ts';

const text = z.string().catch('');
/** Events that are none of ours have any shape. */
const event = z.object({
  event: text,
  email: text,
  type: text,
  status: text,
  reason: text,
  'smtp-id': z.string().optional().catch(undefined),
});
const events = z.array(z.unknown()).max(10_000).pipe(readable(event));

/**
 * SendGrid's signed event webhook: ECDSA over the timestamp and the body as it came.
 * @param key the verification key that SendGrid shows, base64 of a SubjectPublicKeyInfo
 * @throws RangeError when it is none.
 */
export function sendgrid(key: string): ReadNotification {
  const publicKey = readKey(key);
  return ({ headers, body }) => {
    const timestamp = String(headers['x-twilio-email-event-webhook-timestamp'] ?? '');
    const signature = Buffer.from(String(headers['x-twilio-email-event-webhook-signature'] ?? ''), 'base64');
    const signed = Buffer.concat([Buffer.from(timestamp), body]);
    if (!/^\d{1,12}$/.test(timestamp) || !verify('sha256', signed, publicKey, signature)) throw refused();
    demandRecent(Number(timestamp) * 1000);
    const { success, data } = events.safeParse(parseJson(body.toString()));
    if (!success) throw new AppError('invalid_request');
    const notifications = data.flatMap((one) => {
      const failure = failureOfEvent(one);
      return failure === null
        ? []
        : [{ returnPath: undefined, messageId: one['smtp-id'], address: one.email, failure }];
    });
    return { notifications };
  };
}

function readKey(key: string): KeyObject {
  try {
    const publicKey = createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });
    if (publicKey.asymmetricKeyType === 'ec') return publicKey;
  } catch {
    // Said below.
  }
  throw new RangeError('not a public key of the kind that SendGrid shows');
}

function failureOfEvent({ event: kind, type, status, reason }: z.infer<typeof event>): Failure | null {
  if (kind === 'spamreport') return { class: 'complaint', status: null, reason: 'spamreport' };
  if (kind === 'dropped') return droppedOf(reason);
  if (kind !== 'bounce' && kind !== 'blocked') return null;
  const failure = failureOf(status === '' ? null : status, reason);
  // "blocked": refused for now, as SendGrid judges it; the address is still sent to.
  const isBlocked = kind === 'blocked' || type === 'blocked';
  return isBlocked && failure.class === 'hard' ? { ...failure, class: 'soft' } : failure;
}

/** Not sent at all: SendGrid knows the address from before. */
function droppedOf(reason: string): Failure | null {
  if (/^(bounced address|invalid)$/i.test(reason)) return { class: 'hard', status: null, reason };
  return /^spam reporting address$/i.test(reason) ? { class: 'complaint', status: null, reason } : null;
}
