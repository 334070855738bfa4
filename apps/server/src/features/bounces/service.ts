import type { Logger } from 'pino';
import type { Db, Trx } from '../../db/database.ts';
import type { Clock } from '../../lib/clock.ts';
import { isSameAddress } from '../../lib/email-address.ts';
import { refuseCouponMail } from '../consents/service.ts';
import { suppressAddresses } from '../customers/service.ts';
import { readMarketplace } from '../marketplace/service.ts';
import { tellChanged } from '../pushes/events.ts';
import { refuseTestSend } from '../test-sends/service.ts';
import {
  addToCounts,
  type BouncedCustomer,
  deleteUsedNotifications,
  holdBounce,
  insertBounce,
  insertUsedNotification,
  type MessageKey,
  type NewBounce,
  selectByAddress,
  selectRecentClasses,
  selectRecipient,
  updateBounce,
} from './db.ts';
import { addressTag, type ReturnPaths, readReturnPath } from './return-path.ts';
import { arrivedAfterMs, type Failure, failureOf, isStronger, rememberedMs, suppressionOf } from './rules.ts';

export interface BounceDeps {
  db: Db;
  clock: Clock;
  logger: Pick<Logger, 'info' | 'warn'>;
}

/** One thing heard about one message that was sent. */
export interface HeardBounce extends MessageKey {
  failure: Failure;
  /** `smtp`, or the provider. */
  heardFrom: string;
  /** Is the customer's address, as it is now, the one that the message went to? */
  concerns: (email: string) => boolean;
}

/**
 * Writes down that an e-mail came back or was complained about, once however often it is heard, and draws the
 * consequences: a complaint withdraws the consent, an address that does not exist is suppressed at once, one that is out
 * of order after several. `unknown`: the ledger has no such message.
 */
export async function recordBounce(
  trx: Trx,
  heard: HeardBounce,
  { now, logger }: { now: Date; logger: BounceDeps['logger'] },
): Promise<'new' | 'known' | 'unknown'> {
  const { pushId, customerId, failure, heardFrom } = heard;
  const customer = await selectRecipient(trx, heard);
  if (customer === undefined) return 'unknown';
  const bounce: NewBounce = { pushId, customerId, ...failure, heardFrom, at: now };
  if (!(await writeBounce(trx, bounce))) return 'known';
  await tellChanged(trx, [pushId]);
  if (failure.class === 'complaint') {
    await refuseCouponMail(trx, { customerId, how: 'complaint', source: `push ${pushId}`, at: now });
  } else {
    await suppressIfDue(trx, heard, customer, now);
  }
  if (failure.class === 'ours') {
    logger.warn({ pushId, status: failure.status, heardFrom }, 'an e-mail came back because of us');
  }
  return 'new';
}

/** False when as much was heard before. */
async function writeBounce(trx: Trx, bounce: NewBounce): Promise<boolean> {
  const counted = { class: bounce.class, customers: 1 } as const;
  if (await insertBounce(trx, bounce)) {
    await addToCounts(trx, bounce.pushId, [counted]);
    return true;
  }
  const before = await holdBounce(trx, bounce);
  if (before === undefined || !isStronger(bounce.class, before.class)) return false;
  await updateBounce(trx, bounce);
  // A refusal is among the failures of the ledger and was not counted here.
  const taken = before.heardFrom === refusal ? [] : [{ class: before.class, customers: -1 } as const];
  await addToCounts(trx, bounce.pushId, [...taken, counted]);
  return true;
}

async function suppressIfDue(trx: Trx, heard: HeardBounce, customer: BouncedCustomer, now: Date): Promise<void> {
  const { email, verifiedAt } = customer;
  if (email === null || !heard.concerns(email)) return;
  const { policy } = await readMarketplace(trx);
  const { customerId, pushId, failure } = heard;
  const earliest = new Date(now.getTime() - rememberedMs);
  // Whoever verified the address anew starts anew.
  const since = verifiedAt !== null && verifiedAt > earliest ? verifiedAt : earliest;
  const arrivedBefore = new Date(now.getTime() - arrivedAfterMs);
  const recent = await selectRecentClasses(trx, { customerId, since, arrivedBefore });
  const because = suppressionOf(failure.class, recent, policy);
  if (because === null) return;
  const bounced = [{ customerId, email, reason: failure.reason }];
  await suppressAddresses(trx, { bounced, because, pushId, now });
}

/** How `heard_from` names what the ledger has already. */
const refusal = 'refusal';

/** A message that the mail server refused for good at once, though the address may exist. */
export interface Refusal {
  customerId: number;
  email: string;
  /** What the mail server said. */
  reason: string;
}

/**
 * Remembers refusals over a mailbox that is full or disabled, so that an address which is refused push after push is
 * suppressed, too. They are failures of the ledger and count as no bounces.
 */
export async function rememberRefusals(
  trx: Trx,
  refusals: readonly Refusal[],
  { pushId, now }: { pushId: number; now: Date },
): Promise<void> {
  for (const { customerId, email, reason } of refusals.toSorted((one, other) => one.customerId - other.customerId)) {
    const failure = failureOf(null, reason);
    if (!/^5\.2\.[12]$/.test(failure.status ?? '')) continue;
    const bounce = { pushId, customerId, failure, heardFrom: refusal, concerns: (now: string) => now === email };
    if (!(await insertBounce(trx, { pushId, customerId, ...failure, heardFrom: refusal, at: now }))) continue;
    const customer = await selectRecipient(trx, bounce);
    if (customer !== undefined) await suppressIfDue(trx, bounce, customer, now);
  }
}

/** What a mail provider reports; its signature was checked. */
export interface Notification {
  /** The envelope sender, where the provider tells it. */
  returnPath: string | undefined;
  /** Of the e-mail, with or without angle brackets. */
  messageId: string | undefined;
  address: string;
  failure: Failure;
}

export interface NotificationContext {
  heardFrom: string;
  /** What the Message-IDs of our e-mails end with. */
  messageIdDomain: string;
  returnPaths: ReturnPaths | undefined;
}

/**
 * Records what a provider reports, about the message that its return path or Message-ID names; where neither is told,
 * about the newest one that went to this address.
 * @param once the number of a notification whose signature does not cover its contents: it is good once.
 */
export async function recordNotifications(
  deps: BounceDeps,
  notifications: readonly Notification[],
  context: NotificationContext,
  once?: string,
): Promise<void> {
  const { db, clock, logger } = deps;
  const known: (readonly [Notification, MessageKey[]])[] = [];
  for (const one of notifications) known.push([one, await messagesOf(db, one, context)]);
  if (once !== undefined) {
    await db.transaction().execute(async (trx) => {
      // By the machine's clock, as the provider's times are.
      if (!(await insertUsedNotification(trx, `${context.heardFrom} ${once}`, new Date()))) return;
      for (const [one, keys] of known) await recordAll(trx, one, keys);
    });
    return;
  }
  // One transaction each: of a batch that is sent again, what was recorded is known.
  for (const [one, keys] of known) await db.transaction().execute((trx) => recordAll(trx, one, keys));

  async function recordAll(trx: Trx, { address, failure }: Notification, keys: readonly MessageKey[]) {
    const concerns = (email: string) => isSameAddress(email, address);
    for (const key of keys) {
      const heard = { ...key, failure, heardFrom: context.heardFrom, concerns };
      await recordBounce(trx, heard, { now: clock.now(), logger });
    }
  }
}

async function messagesOf(db: Db, one: Notification, context: NotificationContext): Promise<MessageKey[]> {
  const { returnPaths, messageIdDomain } = context;
  const returned =
    returnPaths === undefined || one.returnPath === undefined ? null : readReturnPath(returnPaths, one.returnPath);
  if (returned?.kind === 'push') return [{ pushId: returned.pushId, customerId: returned.customerId }];
  if (returned?.kind === 'test') return [];
  const [, local, domain] = /^<?([^@<>\s]+)@([^@<>\s]+)>?$/.exec(one.messageId?.trim() ?? '') ?? [];
  if (local !== undefined) {
    const [, pushId, customerId] =
      domain === messageIdDomain ? (/^push\.(\d{1,15})\.(\d{1,15})$/.exec(local) ?? []) : [];
    // Another mail of ours, as an invitation, is about no push; nor is one of others who send by the same account.
    return pushId === undefined ? [] : [{ pushId: Number(pushId), customerId: Number(customerId) }];
  }
  // PostgreSQL keeps no NUL: nobody has such an address, and asking would fail.
  return one.address.includes('\0') ? [] : await selectByAddress(db, one.address);
}

/** Records what came back by mail to one of our return paths (receiver.ts). */
export async function recordReturned(
  { db, clock, logger }: BounceDeps,
  returned: NonNullable<ReturnType<typeof readReturnPath>>,
  failure: Failure,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    if (returned.kind === 'test') return await refuseTestSend(trx, returned.testSendId, clock.now());
    const { pushId, customerId, addressTag: tag } = returned;
    const concerns = (email: string) => addressTag(email) === tag;
    const heard = { pushId, customerId, failure, heardFrom: 'smtp', concerns };
    const recorded = await recordBounce(trx, heard, { now: clock.now(), logger });
    if (recorded === 'unknown') logger.info({ pushId }, 'a bounce of a message that the ledger does not know');
  });
}

/** Providers repeat what we did not take for a day; after that nothing that was signed is taken any more. */
export const longestRepeatMs = 26 * 3_600_000;

/** Forgets what could not be used again anyway. */
export async function forgetUsedNotifications(db: Db): Promise<void> {
  await deleteUsedNotifications(db, new Date(Date.now() - 2 * longestRepeatMs));
}
