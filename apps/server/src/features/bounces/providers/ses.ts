import { type KeyObject, verify } from 'node:crypto';
import type { Logger } from 'pino';
import { z } from 'zod';
import { AppError } from '../../../lib/app-error.ts';
import { type Failure, failureOf } from '../rules.ts';
import type { Notification } from '../service.ts';
import { demandRecent, parseJson, type ReadNotification, readable, refused } from './provider.ts';
import { type FetchText, SnsCertificates } from './sns-certificates.ts';

const envelopeSchema = z.object({
  Type: z.string(),
  MessageId: z.string(),
  TopicArn: z.string(),
  Message: z.string(),
  Timestamp: z.string(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string(),
  SigningCertURL: z.string(),
  Subject: z.string().nullish(),
  SubscribeURL: z.string().optional(),
  Token: z.string().optional(),
});
type Envelope = z.infer<typeof envelopeSchema>;

/**
 * Amazon SES by way of an SNS topic: signed by the certificate of the topic's region. A subscription of this topic is
 * confirmed by itself, at an address that is made here and not taken from the message.
 * @throws RangeError when `topicArn` is no topic.
 */
export function ses(
  topicArn: string,
  { fetch, logger }: { fetch: FetchText; logger: Pick<Logger, 'info' | 'warn'> },
): ReadNotification {
  const host = hostOf(topicArn);
  const certificates = new SnsCertificates(host, fetch);
  return async ({ body }) => {
    const { success, data: envelope } = envelopeSchema.safeParse(parseJson(body.toString()));
    // Before anything is fetched: whoever does not know the topic moves nothing.
    if (!success || envelope.TopicArn !== topicArn) throw refused();
    demandRecent(Date.parse(envelope.Timestamp));
    if (!isSigned(envelope, await certificates.keyAt(envelope.SigningCertURL))) throw refused();
    if (envelope.Type === 'Notification') return { notifications: readSes(envelope.Message) };
    if (envelope.Type === 'SubscriptionConfirmation') {
      const query = { Action: 'ConfirmSubscription', TopicArn: topicArn, Token: envelope.Token ?? '' };
      await fetch(`https://${host}/?${new URLSearchParams(query)}`);
      logger.info('the subscription of the topic of Amazon SES was confirmed');
    } else {
      logger.warn({ type: envelope.Type }, 'the topic of Amazon SES no longer notifies us');
    }
    return { notifications: [] };
  };
}

function hostOf(topicArn: string): string {
  const [, partition, region] =
    /^arn:(aws|aws-us-gov|aws-cn):sns:([a-z0-9-]{5,30}):\d{12}:[\w-]+$/.exec(topicArn) ?? [];
  if (region === undefined) throw new RangeError('not the ARN of an SNS topic');
  return `sns.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
}

function isSigned(envelope: Envelope, key: KeyObject): boolean {
  const names =
    envelope.Type === 'Notification'
      ? (['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const)
      : (['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'] as const);
  const lines = names.flatMap((name) => (envelope[name] == null ? [] : [`${name}\n${envelope[name]}\n`]));
  const algorithm = envelope.SignatureVersion === '1' ? 'sha1' : 'sha256';
  return verify(algorithm, Buffer.from(lines.join('')), key, Buffer.from(envelope.Signature, 'base64'));
}

const text = z.string().catch('');
const maybeText = z.string().optional().catch(undefined);
const mailSchema = z.object({
  source: z.string().optional().catch(undefined),
  headers: readable(z.object({ name: z.string(), value: z.string() }))
    .optional()
    .catch(undefined),
  commonHeaders: z.object({ messageId: z.string().optional() }).optional().catch(undefined),
});
const sesSchema = z.object({
  // Of a notification the one, of a published event the other.
  notificationType: z.string().optional(),
  eventType: z.string().optional(),
  mail: mailSchema.optional(),
  bounce: z
    .object({
      bounceType: text,
      bounceSubType: text,
      bouncedRecipients: readable(z.object({ emailAddress: z.string(), status: maybeText, diagnosticCode: maybeText })),
    })
    .optional(),
  complaint: z
    .object({
      complaintFeedbackType: z.string().nullish(),
      complainedRecipients: readable(z.object({ emailAddress: z.string() })),
    })
    .optional(),
});
type Ses = z.infer<typeof sesSchema>;
type Bounce = NonNullable<Ses['bounce']>;

function readSes(message: string): Notification[] {
  // What SES says first about a new topic is a sentence.
  if (!message.trimStart().startsWith('{')) return [];
  const { success, data } = sesSchema.safeParse(parseJson(message));
  if (!success) throw new AppError('invalid_request');
  const about = aboutOf(data.mail);
  const { bounce, complaint } = data;
  const kind = data.notificationType ?? data.eventType;
  if (kind === 'Bounce' && bounce !== undefined) {
    return bounce.bouncedRecipients
      .filter((one) => !isAutomaticReply(bounce, one))
      .map((one) => ({ ...about, address: one.emailAddress, failure: failureOfBounce(bounce, one) }));
  }
  if (kind !== 'Complaint' || complaint === undefined || complaint.complaintFeedbackType === 'not-spam') return [];
  const failure: Failure = { class: 'complaint', status: null, reason: complaint.complaintFeedbackType ?? 'complaint' };
  return complaint.complainedRecipients.map(({ emailAddress }) => ({ ...about, address: emailAddress, failure }));
}

function aboutOf(mail: Ses['mail']): Pick<Notification, 'returnPath' | 'messageId'> {
  const header = mail?.headers?.find(({ name }) => name.toLowerCase() === 'message-id')?.value;
  return { returnPath: mail?.source, messageId: header ?? mail?.commonHeaders?.messageId };
}

const noAddress = ['NoEmail', 'Suppressed', 'OnAccountSuppressionList'];
const ourMessage = ['MessageTooLarge', 'ContentRejected', 'AttachmentRejected'];

/** SES calls the answer of somebody who is away a bounce that passes. It has no report, and so nothing that a report says. */
function isAutomaticReply(
  { bounceType, bounceSubType }: Bounce,
  { status, diagnosticCode }: Bounce['bouncedRecipients'][number],
): boolean {
  return (
    bounceType === 'Transient' && bounceSubType === 'General' && status === undefined && diagnosticCode === undefined
  );
}

function failureOfBounce(bounce: Bounce, { status, diagnosticCode }: Bounce['bouncedRecipients'][number]): Failure {
  const { bounceType, bounceSubType } = bounce;
  const failure = failureOf(status ?? null, diagnosticCode ?? `${bounceType} ${bounceSubType}`);
  if (ourMessage.includes(bounceSubType)) return { ...failure, class: 'ours' };
  if (bounceType !== 'Permanent') return failure.class === 'hard' ? { ...failure, class: 'soft' } : failure;
  if (noAddress.includes(bounceSubType)) return { ...failure, class: 'hard' };
  // Amazon says "for good": it is, unless the code tells of something else.
  return failure.class === 'soft' && failure.status === null ? { ...failure, class: 'hard' } : failure;
}
