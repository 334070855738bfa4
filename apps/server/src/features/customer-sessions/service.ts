import type { Db, Trx } from '../../db/database.ts';
import type { Customer } from '../../http/customer.ts';
import { AppError } from '../../lib/app-error.ts';
import {
  deleteExpired,
  deleteSession,
  insertSession,
  insertUsedToken,
  selectCustomerByNo,
  selectSession,
  updateExpiry,
} from './db.ts';
import { isToBeProlonged, newSessionToken, sessionExpiry, sessionHash } from './rules.ts';
import { type CustomerToken, leewaySeconds } from './token.ts';

export interface OpenedSession {
  customer: Customer;
  /** What the cookie holds. */
  token: string;
}

/**
 * Opens a session for the customer that a token of the marketplace names. A token is good once, however many try it at
 * the same moment; one that names nobody is not used up.
 * @throws AppError customer_unknown, token_used
 */
export async function enter(trx: Trx, token: CustomerToken, now: Date): Promise<OpenedSession> {
  const customer = await livingCustomer(trx, token.customerNo);
  // As long as it could be shown again: until it expires, and what clocks may differ by.
  const expiresAt = new Date(token.expiresAt.getTime() + 2 * leewaySeconds * 1000);
  if (!(await insertUsedToken(trx, { jti: token.jti, expiresAt }))) throw new AppError('token_used');
  return await openSession(trx, customer, now);
}

/**
 * A session without a token of the marketplace: for the demo alone.
 * @throws AppError customer_unknown
 */
export async function actAs(trx: Trx, customerNo: string, now: Date): Promise<OpenedSession> {
  return await openSession(trx, await livingCustomer(trx, customerNo), now);
}

async function livingCustomer(trx: Trx, customerNo: string): Promise<Customer> {
  const customer = await selectCustomerByNo(trx, customerNo);
  if (customer === undefined) throw new AppError('customer_unknown');
  return customer;
}

async function openSession(trx: Trx, customer: Customer, now: Date): Promise<OpenedSession> {
  const { token, hash } = newSessionToken();
  await insertSession(trx, { hash, customerId: customer.customerId, now, expiresAt: sessionExpiry(now) });
  return { customer, token };
}

/** Whose session this is, and whether it was prolonged; undefined when there is none (any more). */
export async function useSession(
  db: Db,
  token: string,
  now: Date,
): Promise<{ customer: Customer; prolonged: boolean } | undefined> {
  const hash = sessionHash(token);
  const session = await selectSession(db, hash, now);
  if (session === undefined) return undefined;
  const { expiresAt, ...customer } = session;
  const prolonged = isToBeProlonged(expiresAt, now);
  if (prolonged) await updateExpiry(db, hash, sessionExpiry(now));
  return { customer, prolonged };
}

export async function closeSession(db: Db, token: string): Promise<void> {
  await deleteSession(db, sessionHash(token));
}

/** Sessions that have ended, and tokens that nobody can show any more. */
export async function forgetOldSessions(db: Db, now: Date): Promise<void> {
  await deleteExpired(db, now);
}
