import type { LimitedChannel, SendingLimits } from '@coupon-push/contract/operator.ts';
import type { Db, Trx } from '../../db/database.ts';
import { AppError, fieldRefused } from '../../lib/app-error.ts';
import { insertLimitChange, lockLimits, selectLimits, updateLimits } from './db.ts';

const none: SendingLimits = { messagesPerSecond: null, connections: null, messagesPerConnection: null };

/** What all workers together keep to (spec 6). */
export async function readLimits(db: Db | Trx): Promise<Record<LimitedChannel, SendingLimits>> {
  const limits = await selectLimits(db);
  return {
    email: limits.get('email') ?? none,
    web_push: limits.get('web_push') ?? none,
    fcm: limits.get('fcm') ?? none,
  };
}

/**
 * Sets the limits of one channel; who and when is recorded. Workers keep to them within some two seconds.
 * @throws AppError invalid_request with the field when this channel cannot have them.
 */
export async function changeLimits(
  trx: Trx,
  change: { channel: LimitedChannel; limits: SendingLimits; changedBy: string; now: Date },
): Promise<void> {
  const { channel, limits: after, changedBy, now: changedAt } = change;
  if (channel !== 'email' && after.messagesPerConnection !== null) {
    throw fieldRefused('messagesPerConnection', 'invalid_value');
  }
  const before = await lockLimits(trx, channel);
  if (before === undefined) throw new AppError('not_found');
  await updateLimits(trx, channel, after);
  await insertLimitChange(trx, { channel, before, after, changedBy, changedAt });
}
