import type { Preferences, PreferencesChange } from '@coupon-push/contract/my-page.ts';
import type { Db, Trx } from '../../db/database.ts';
import type { CustomerScope } from '../../http/customer.ts';
import { enqueue, verificationMailKey } from '../../jobs/enqueue.ts';
import { AppError, found } from '../../lib/app-error.ts';
import { maskAddress } from '../../lib/masking.ts';
import { changeChoices, readChoices } from '../consents/service.ts';
import { liftSuppression } from '../customers/service.ts';
import { readMarketplace } from '../marketplace/service.ts';
import { type AddressRow, insertRequest, selectAddress, updateVerified } from './db.ts';
import { askAgainMs, isProven, readVerificationToken } from './rules.ts';

/** What a customer agrees to, and whether mail can reach them. */
export async function readPreferences(db: Db, { customerId }: CustomerScope): Promise<Preferences> {
  const { couponMail, appPush, nightMessages, email, verified, suppressed } = found(await readChoices(db, customerId));
  const { policy } = await readMarketplace(db);
  return {
    couponMail,
    appPush,
    nightMessages,
    quietHours: policy.quietHours,
    email: {
      address: email === null ? null : maskAddress(email),
      verified: email !== null && verified,
      undeliverable: suppressed,
    },
  };
}

export async function changePreferences(
  db: Db,
  { customerId }: CustomerScope,
  { couponMail, appPush, nightMessages }: PreferencesChange,
  now: Date,
): Promise<Preferences> {
  await changeChoices(
    db,
    { customerId, how: 'my_page', source: 'my page', at: now },
    {
      ...(couponMail === undefined ? {} : { couponMail }),
      ...(appPush === undefined ? {} : { appPush }),
      ...(nightMessages === undefined ? {} : { nightMessages }),
    },
  );
  return await readPreferences(db, { customerId });
}

/**
 * Has a link mailed that verifies the customer's address: one that is not yet, or that e-mails came back from.
 * @throws AppError no_address, address_verified_already, too_many_requests (one a minute)
 */
export async function requestVerification(trx: Trx, { customerId }: CustomerScope, now: Date): Promise<void> {
  const { email, verified, suppressed } = found(await selectAddress(trx, customerId));
  if (email === null) throw new AppError('no_address');
  if (verified && !suppressed) throw new AppError('address_verified_already');
  const notSince = new Date(now.getTime() - askAgainMs);
  if (!(await insertRequest(trx, { customerId, now, notSince }))) throw new AppError('too_many_requests');
  await enqueue(trx, 'verification-mail', { customerId }, { key: verificationMailKey(customerId) });
}

/** What a link that verifies an address is about; undefined when it has expired, was altered, or the address changed. */
export async function readLink(
  db: Db,
  token: string,
  { now, linkSecret }: { now: Date; linkSecret: string },
): Promise<(AddressRow & { customerId: number; email: string }) | undefined> {
  const link = readVerificationToken(linkSecret, token);
  if (link === null || link.expiresAt.getTime() <= now.getTime()) return undefined;
  const { customerId } = link;
  const address = await selectAddress(db, customerId);
  const email = address?.email ?? null;
  if (address === undefined || email === null || !isProven(linkSecret, token, email)) return undefined;
  return { ...address, customerId, email };
}

/**
 * Verifies the address that a link was mailed to, which also gives back one that e-mails had come back from; undefined
 * where there is no such link (any more).
 */
export async function verifyAddress(
  db: Db,
  token: string,
  { now, linkSecret }: { now: Date; linkSecret: string },
): Promise<Pick<AddressRow, 'language'> | undefined> {
  const link = await readLink(db, token, { now, linkSecret });
  if (link === undefined) return undefined;
  const { customerId, email, language } = link;
  return await db.transaction().execute(async (trx) => {
    if (!(await updateVerified(trx, { customerId, email, now }))) return undefined;
    await liftSuppression(trx, { customerId, email });
    return { language };
  });
}
