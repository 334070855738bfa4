import { z } from 'zod';
import { AppError } from '../../../lib/app-error.ts';
import { type Failure, failureOf } from '../rules.ts';
import { isSame, parseJson, type ReadNotification, refused } from './provider.ts';

const text = z.string().catch('');
const schema = z.object({ RecordType: text, Type: text, Email: text, Details: text, Description: text });
type Contents = z.infer<typeof schema>;

/**
 * Postmark signs nothing: it sends the password that stands in the address it was given
 * (`https://postmark:<secret>@host/api/bounces/postmark`). It names no Message-ID of ours either, so what it tells is
 * about the newest push that went to the address.
 */
export function postmark(secret: string): ReadNotification {
  return ({ headers, body }) => {
    const [, encoded = ''] = /^Basic\s+(\S+)$/i.exec(headers.authorization ?? '') ?? [];
    const password = /^[^:]*:(.*)$/s.exec(Buffer.from(encoded, 'base64').toString())?.[1] ?? '';
    if (!isSame(password, secret)) throw refused();
    const { success, data } = schema.safeParse(parseJson(body.toString()));
    if (!success) throw new AppError('invalid_request');
    const failure = failureOfRecord(data);
    if (failure === null || data.Email === '') return { notifications: [] };
    return { notifications: [{ returnPath: undefined, messageId: undefined, address: data.Email, failure }] };
  };
}

const hard = ['HardBounce', 'BadEmailAddress', 'ManuallyDeactivated'];
const ours = ['Blocked', 'SpamNotification', 'VirusNotification', 'DMARCPolicy', 'SMTPApiError'];

/** `Transient` is a delay; answers of people and machines are no failures. */
function failureOfRecord({ RecordType, Type, Details, Description }: Contents): Failure | null {
  const said = Details || Description;
  if (RecordType === 'SpamComplaint' || Type === 'SpamComplaint') {
    return { class: 'complaint', status: null, reason: 'SpamComplaint' };
  }
  if (RecordType !== 'Bounce') return null;
  const failure = failureOf(null, said);
  if (hard.includes(Type)) return failure.class === 'ours' ? failure : { ...failure, class: 'hard' };
  if (ours.includes(Type)) return { ...failure, class: 'ours' };
  if (Type === 'SoftBounce' || Type === 'DnsError') return { ...failure, class: 'soft' };
  return null;
}
