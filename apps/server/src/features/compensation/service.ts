import { randomUUID } from 'node:crypto';
import { heldBackReasonSchema, heldBackReasons } from '@coupon-push/contract/audience.ts';
import type {
  CompensationUpload,
  RecipientsPage,
  RowOutcome,
  Selection,
  UploadRowsPage,
} from '@coupon-push/contract/compensation.ts';
import { pageSize } from '@coupon-push/contract/compensation-limits.ts';
import type { Db, Trx } from '../../db/database.ts';
import type { SellerScope } from '../../http/actor.ts';
import { AppError } from '../../lib/app-error.ts';
import { maskIdentity } from '../../lib/masking.ts';
import { readShop } from '../shops/service.ts';
import {
  deleteOldUploads,
  insertUpload,
  type NewUpload,
  selectMatched,
  selectRows,
  selectUpload,
  type UploadKey,
  type UploadRow,
  updateExpiry,
} from './db.ts';
import { countRecipients, insertTargets, type RecipientFilter, selectRecipients } from './recipients-db.ts';
import { purchasesSince, rowsOfOrders, searchedText, uploadExpiry, uploadsKept } from './rules.ts';

/**
 * Reads a file of order numbers and keeps what became of its rows (spec 3.8, 5).
 * @throws AppError order_file_* at the field `file`
 */
export async function uploadOrderFile(
  db: Db,
  scope: SellerScope,
  file: { name: string; bytes: Buffer },
  now: Date,
): Promise<CompensationUpload> {
  await readShop(db, scope);
  // Not in the memory of a process that only sends.
  const { readOrderFile } = await import('./order-file/read-order-file.ts');
  const { sheet, column, rows } = await readOrderFile({ ...file, shopId: scope.shopId }).catch((error: unknown) => {
    throw error instanceof AppError && error.fields.length === 0 ? atFile(error) : error;
  });
  return await keepUpload(db, scope, { source: 'file', fileName: file.name, sheet, column, rows }, now);
}

function atFile({ code, params }: AppError): AppError {
  const known = Object.entries(params).filter((entry): entry is [string, string | number] => entry[1] !== null);
  return new AppError(code, params, [{ field: 'file', code, params: Object.fromEntries(known) }]);
}

/** The same for orders that were chosen from a list. */
export async function uploadOrders(
  db: Db,
  scope: SellerScope,
  orderNos: readonly string[],
  now: Date,
): Promise<CompensationUpload> {
  await readShop(db, scope);
  const rows = rowsOfOrders(orderNos);
  return await keepUpload(db, scope, { source: 'orders', fileName: '', sheet: null, column: null, rows }, now);
}

type Upload = Omit<NewUpload, 'id' | 'uploadedAt' | 'expiresAt'>;

async function keepUpload(db: Db, scope: SellerScope, upload: Upload, now: Date): Promise<CompensationUpload> {
  const id = randomUUID();
  await db.transaction().execute(async (trx) => {
    await insertUpload(trx, scope, { ...upload, id, uploadedAt: now, expiresAt: uploadExpiry(now) });
    await deleteOldUploads(trx, { now, shopId: scope.shopId, keep: uploadsKept });
  });
  return await readUpload(db, { scope, uploadId: id, now });
}

/** @throws AppError upload_not_found, also when it has expired or is another shop's. */
export async function readUpload(db: Db | Trx, key: UploadKey): Promise<CompensationUpload> {
  const row = await ownUpload(db, key);
  const counts = await countRecipients(db, key);
  const customers = (reason: string | null) => counts.find((one) => one.held_back === reason)?.customers ?? 0;
  const { matched, same_customer, not_found, other_shop, unreadable } = row;
  return {
    id: row.id,
    source: row.source === 'orders' ? 'orders' : 'file',
    fileName: row.file_name,
    sheet: row.sheet,
    column: row.column_name,
    uploadedAt: row.uploaded_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    rows: { matched, same_customer, not_found, other_shop, unreadable },
    customers: counts.reduce((sum, one) => sum + one.customers, 0),
    reachable: customers(null),
    heldBack: heldBackReasons
      .map((reason) => ({ reason, customers: customers(reason) }))
      .filter((entry) => entry.customers > 0),
  };
}

async function ownUpload(db: Db | Trx, key: UploadKey): Promise<UploadRow> {
  const row = await selectUpload(db, key);
  if (row === undefined) throw new AppError('upload_not_found');
  return row;
}

/** @throws AppError upload_not_found */
export async function listRows(
  db: Db | Trx,
  key: UploadKey,
  { outcome, page }: { outcome: RowOutcome; page: number },
): Promise<UploadRowsPage> {
  const upload = await ownUpload(db, key);
  const offset = (page - 1) * pageSize;
  const rows =
    outcome === 'matched'
      ? await selectMatched(db, key, { offset, limit: pageSize })
      : await selectRows(db, key, { outcomes: [outcome], offset, limit: pageSize });
  return { entries: rows.map(({ rowNo, text }) => ({ rowNo, text })), total: upload[outcome] };
}

/** Why a row names nobody. */
export type UnmatchedOutcome = Exclude<RowOutcome, 'matched' | 'same_customer'>;
const unmatched: readonly UnmatchedOutcome[] = ['not_found', 'other_shop', 'unreadable'];

/** The rows that name nobody, in the order of the file, a thousand at a time. */
export async function* unmatchedRows(
  db: Db,
  key: UploadKey,
): AsyncGenerator<{ rowNo: number; text: string; outcome: UnmatchedOutcome }[]> {
  let after = 0;
  for (;;) {
    const rows = await selectRows(db, key, { outcomes: unmatched, after, limit: 1000 });
    yield rows.map((row) => ({ ...row, outcome: unmatched.find((one) => one === row.outcome) ?? 'unreadable' }));
    if (rows.length < 1000) return;
    after = rows.at(-1)?.rowNo ?? after;
  }
}

/** @throws AppError upload_not_found */
export async function listRecipients(
  db: Db | Trx,
  key: UploadKey,
  filter: Pick<RecipientFilter, 'page' | 'show' | 'reason' | 'search'>,
): Promise<RecipientsPage> {
  const upload = await ownUpload(db, key);
  const search = searchedText(filter.search);
  const rows = await selectRecipients(db, key, { ...filter, search, pageSize, since: purchasesSince(key.now) });
  const filtered = search !== undefined || filter.show !== undefined || filter.reason !== undefined;
  return {
    entries: rows.map((row) => ({
      no: row.no,
      masked: maskIdentity(row.identity),
      purchases: row.purchases,
      amountMinor: row.amount_minor,
      orderNos: row.order_nos,
      orders: row.orders,
      heldBack: heldBackReasonSchema.nullable().parse(row.held_back),
    })),
    total: filtered ? (rows[0]?.total ?? 0) : upload.matched,
  };
}

/** @throws AppError upload_not_found at the field `uploadId` */
export async function checkUpload(db: Db | Trx, key: UploadKey): Promise<void> {
  if ((await selectUpload(db, key)) === undefined) throw refusal('upload_not_found', 'uploadId');
}

/**
 * Freezes the ticked customers of an upload as the targets of a push, those who can be reached now. Later they are still
 * asked whether they may be sent to, but nobody joins them (spec 3.8, 3.10). The upload is kept for another week, so that
 * a push that was cancelled can be applied for again.
 * @throws AppError nobody_ticked at the field `selection`
 */
export async function freezeTargets(
  trx: Trx,
  key: UploadKey,
  target: { pushId: number; selection: Selection },
): Promise<{ customers: number; orders: number }> {
  const targets = await insertTargets(trx, key, target);
  if (targets.customers === 0) throw refusal('nobody_ticked', 'selection');
  await updateExpiry(trx, key, uploadExpiry(key.now));
  return targets;
}

function refusal(code: 'upload_not_found' | 'nobody_ticked', field: string): AppError {
  return new AppError(code, {}, [{ field, code, params: {} }]);
}

/** Forgets uploads that no application used in time. */
export async function forgetOldUploads(db: Db, now: Date): Promise<void> {
  await db.transaction().execute((trx) => deleteOldUploads(trx, { now }));
}
