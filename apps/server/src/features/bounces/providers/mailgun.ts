import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../../lib/app-error.ts';
import { type Failure, failureOf } from '../rules.ts';
import { demandRecent, isSame, parseJson, type ReadNotification, refused } from './provider.ts';

const text = z.string().catch('');
const signatureSchema = z.object({
  signature: z.object({
    timestamp: z.coerce.string().regex(/^\d{1,12}$/),
    token: z.string().min(20).max(100),
    signature: z.string(),
    'parent-signature': z.string().optional(),
  }),
});
const contentsSchema = z.object({
  'event-data': z.object({
    event: text,
    severity: text,
    reason: text,
    recipient: text,
    envelope: z.object({ sender: z.string().optional() }).optional().catch(undefined),
    message: z
      .object({ headers: z.object({ 'message-id': z.string().optional() }) })
      .optional()
      .catch(undefined),
    'delivery-status': z
      .object({ code: z.coerce.string().catch(''), 'enhanced-code': text, message: text, description: text })
      .optional()
      .catch(undefined),
  }),
});
type EventData = z.infer<typeof contentsSchema>['event-data'];

/**
 * Mailgun's webhooks. Their signature covers a timestamp and a token and not what they tell, so that each token is good
 * once.
 */
export function mailgun(key: string): ReadNotification {
  return ({ body }) => {
    const json = parseJson(body.toString());
    const signed = signatureSchema.safeParse(json);
    if (!signed.success) throw refused();
    const { timestamp, token, signature, 'parent-signature': parent = '' } = signed.data.signature;
    const expected = createHmac('sha256', key).update(timestamp).update(token).digest('hex');
    // Of a subaccount: the main account's key signs beside its own.
    if (!isSame(signature, expected) && !isSame(parent, expected)) throw refused();
    demandRecent(Number(timestamp) * 1000);
    const contents = contentsSchema.safeParse(json);
    if (!contents.success) throw new AppError('invalid_request');
    const data = contents.data['event-data'];
    const failure = failureOfEvent(data);
    const about = {
      returnPath: data.envelope?.sender,
      messageId: data.message?.headers['message-id'],
      address: data.recipient,
    };
    return { once: token, notifications: failure === null ? [] : [{ ...about, failure }] };
  };
}

function failureOfEvent({ event, severity, reason, 'delivery-status': status }: EventData): Failure | null {
  if (event === 'complained') return { class: 'complaint', status: null, reason: event };
  // Temporary: Mailgun goes on trying.
  if (event !== 'failed' || severity !== 'permanent') return null;
  // Not sent at all: Mailgun knows the address from before.
  if (reason === 'suppress-bounce') return { class: 'hard', status: null, reason };
  if (reason === 'suppress-complaint') return { class: 'complaint', status: null, reason };
  if (reason.startsWith('suppress-')) return null;
  const said = [status?.message, status?.description].filter(Boolean).join(' ');
  const code = /^[45]\d\d$/.test(status?.code ?? '') && !/^[45]\d\d/.test(said) ? `${status?.code} ` : '';
  const failure = failureOf(status?.['enhanced-code'] || null, `${code}${said}`);
  // "old": it was tried for hours, whatever the last answer was.
  return reason === 'old' && failure.class === 'hard' ? { ...failure, class: 'soft' } : failure;
}
