import { heldBackReasonSchema } from '@coupon-push/contract/audience.ts';
import type { Channel } from '@coupon-push/contract/pushes.ts';
import type { ChannelOutcome, Delivered, HeldBack, IssuedCoupon, Recipient } from '@coupon-push/contract/results.ts';
import type { Db, Trx } from '../../db/database.ts';
import type { SellerScope } from '../../http/actor.ts';
import { found } from '../../lib/app-error.ts';
import { maskIdentity } from '../../lib/masking.ts';
import { placeByNumber } from '../../lib/place.ts';
import { customerSearch } from '../customers/search.ts';
import { readMarketplace } from '../marketplace/service.ts';
import { readShop } from '../shops/service.ts';
import { selectPushIds } from './daily-db.ts';
import { type LedgerFilter, type LedgerRow, selectHeldBack, selectLedger } from './db.ts';
import { type IssuedCursor, readCursor, writeCursor } from './rules.ts';
import { choiceOf, type ResultsFilter } from './service.ts';

interface Page<T> {
  entries: T[];
  next: string | null;
}

/** One row more than the page is read, to know whether there is a next one. */
function pageOf<Row extends { customerId: number }, T>(
  rows: readonly Row[],
  limit: number,
  toEntry: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  return { entries: shown.map(toEntry), next: rows.length > limit ? String(shown.at(-1)?.customerId) : null };
}

export interface RecipientFilter {
  pushId: number;
  search?: string | undefined;
  channel?: Channel | undefined;
  state?: ChannelOutcome | undefined;
}

/**
 * A page of a push's recipients, masked, in an order that rows which are added later do not disturb.
 * @throws AppError not_found, also for another shop's push.
 */
export async function listRecipients(
  db: Db | Trx,
  scope: SellerScope,
  query: RecipientFilter & { after: string | undefined; limit: number },
): Promise<Page<Recipient>> {
  const { pushId, limit } = query;
  await findPush(db, scope, pushId);
  const search = customerSearch(query.search);
  const after = placeByNumber(query.after);
  const filter = ledgerFilter(query);
  const rows = await selectLedger(db, scope, { pushId, after, search, filter, limit: limit + 1 });
  return pageOf(rows, limit, toRecipient);
}

function ledgerFilter({ channel, state }: RecipientFilter): LedgerFilter {
  return channel === undefined || state === undefined ? 'all' : { channel, state };
}

async function findPush(db: Db | Trx, scope: SellerScope, pushId: number): Promise<void> {
  const { zone } = await readMarketplace(db);
  const push = { ...choiceOf({ pushId }, zone), dispatched: false, upTo: undefined };
  found((await selectPushIds(db, scope, push))[0]);
}

/**
 * Everyone of it, page by page: only as fast as they are taken, and no further when nobody takes them any more.
 * @throws AppError not_found, also for another shop's push, before there is a first page.
 */
export async function allRecipients(
  db: Db,
  scope: SellerScope,
  query: RecipientFilter & { pageSize: number },
): Promise<AsyncIterable<Recipient[]>> {
  await findPush(db, scope, query.pushId);
  return recipientPages(db, scope, query);
}

async function* recipientPages(
  db: Db,
  scope: SellerScope,
  { pushId, search, pageSize: limit, ...query }: RecipientFilter & { pageSize: number },
): AsyncGenerator<Recipient[]> {
  const page = { pushId, search: customerSearch(search), filter: ledgerFilter({ pushId, ...query }), limit };
  for (let after: number | undefined; ; ) {
    const rows = await selectLedger(db, scope, { ...page, after });
    yield rows.map(toRecipient);
    if (rows.length < limit) return;
    after = rows.at(-1)?.customerId;
  }
}

/** @throws AppError not_found, also for another shop's push. */
export async function listHeldBack(
  db: Db | Trx,
  scope: SellerScope,
  query: {
    pushId: number;
    reason: string | undefined;
    search: string | undefined;
    after: string | undefined;
    limit: number;
  },
): Promise<Page<HeldBack>> {
  await findPush(db, scope, query.pushId);
  const search = customerSearch(query.search);
  const page = { ...query, search, after: placeByNumber(query.after), limit: query.limit + 1 };
  return pageOf(await selectHeldBack(db, scope, page), query.limit, ({ identity, reason }) => ({
    who: maskIdentity(identity ?? ''),
    reason: heldBackReasonSchema.parse(reason),
  }));
}

export interface IssuedFilter extends ResultsFilter {
  use?: 'used' | 'unused' | undefined;
  search?: string | undefined;
}

/** A page of issued coupons over all the chosen pushes, the newest push first. */
export async function listIssuedCoupons(
  db: Db | Trx,
  scope: SellerScope,
  query: IssuedFilter & { after: string | undefined; limit: number },
  now: Date,
): Promise<Page<IssuedCoupon>> {
  await readShop(db, scope);
  const { limit } = query;
  const rows: LedgerRow[] = [];
  for await (const page of ledgerOfPushes(db, scope, query, { after: readCursor(query.after), pageSize: limit + 1 })) {
    rows.push(...page);
    if (rows.length > limit) break;
  }
  const last = rows[limit - 1];
  return {
    entries: rows.slice(0, limit).map((row) => toIssuedCoupon(row, now)),
    next: rows.length > limit && last !== undefined ? writeCursor(last) : null,
  };
}

/** All of them, as allRecipients gives them. */
export async function allIssuedCoupons(
  db: Db,
  scope: SellerScope,
  query: IssuedFilter & { pageSize: number },
  now: Date,
): Promise<AsyncIterable<IssuedCoupon[]>> {
  await readShop(db, scope);
  return issuedPages(db, scope, query, now);
}

async function* issuedPages(
  db: Db,
  scope: SellerScope,
  { pageSize, ...query }: IssuedFilter & { pageSize: number },
  now: Date,
): AsyncGenerator<IssuedCoupon[]> {
  for await (const page of ledgerOfPushes(db, scope, query, { after: undefined, pageSize })) {
    yield page.map((row) => toIssuedCoupon(row, now));
  }
}

async function* ledgerOfPushes(
  db: Db | Trx,
  scope: SellerScope,
  query: IssuedFilter,
  from: { after: IssuedCursor | undefined; pageSize: number },
): AsyncGenerator<LedgerRow[]> {
  const { zone } = await readMarketplace(db);
  const choice = { ...choiceOf(query, zone), dispatched: true, upTo: from.after?.pushId };
  const search = customerSearch(query.search);
  const filter = query.use ?? 'all';
  for (const pushId of await selectPushIds(db, scope, choice)) {
    let after = pushId === from.after?.pushId ? from.after.customerId : undefined;
    for (;;) {
      const rows = await selectLedger(db, scope, { pushId, after, search, filter, limit: from.pageSize });
      yield rows;
      if (rows.length < from.pageSize) break;
      after = rows.at(-1)?.customerId;
    }
  }
}

function toIssuedCoupon(row: LedgerRow, now: Date): IssuedCoupon {
  const { pushId, couponId, orderNo, discountMinor, salesMinor } = row;
  return {
    pushId,
    couponId,
    who: maskIdentity(row.identity ?? ''),
    issuedAt: row.issuedAt.toISOString(),
    validUntil: row.validUntil.toISOString(),
    state: row.usedAt !== null ? 'used' : row.validUntil.getTime() > now.getTime() ? 'usable' : 'expired',
    usedAt: row.usedAt?.toISOString() ?? null,
    orderNo,
    discountMinor,
    salesMinor,
  };
}

function toRecipient(row: LedgerRow): Recipient {
  return {
    who: maskIdentity(row.identity ?? ''),
    email: delivered({
      state: row.emailState,
      at: row.emailAt,
      attempts: row.emailAttempts,
      inDoubt: row.emailInDoubt,
      failure: row.emailFailure,
    }),
    appPush: delivered({
      state: row.appPushState,
      at: row.appPushAt,
      attempts: row.appPushAttempts,
      inDoubt: row.appPushInDoubt,
      failure: row.appPushFailure,
    }),
    usedAt: row.usedAt?.toISOString() ?? null,
  };
}

function delivered(
  one: Omit<Delivered, 'state' | 'at'> & { state: LedgerRow['emailState']; at: Date | null },
): Delivered {
  const state = one.state === 'waiting' || one.state === 'retry' ? 'owed' : one.state;
  return { ...one, state, at: one.at?.toISOString() ?? null };
}
