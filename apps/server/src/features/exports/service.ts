import type { ChannelOutcome, ExportFormat } from '@coupon-push/contract/results.ts';
import type { Language } from '@coupon-push/i18n/languages.ts';
import { type ConsoleKey, consoleText } from '@coupon-push/i18n/translator.ts';
import type { Db } from '../../db/database.ts';
import type { SellerScope } from '../../http/actor.ts';
import { type Download, fileTypes } from '../../http/download.ts';
import { csvFile, type TableColumn, xlsxFile } from '../../lib/table-file.ts';
import { dayOf } from '../../lib/zoned-time.ts';
import { readMarketplace } from '../marketplace/service.ts';
import { allPushes } from '../pushes/service.ts';
import { allIssuedCoupons, allRecipients, type IssuedFilter } from '../results/lists.ts';
import { readShop } from '../shops/service.ts';
import { issuedCouponColumns, pushColumns, recipientColumns, type Wording } from './columns.ts';

/** Rows read at once: large enough to be quick, small enough that other requests are answered in between. */
const pageSize = 1000;

export interface ExportContext {
  scope: SellerScope;
  format: ExportFormat;
  language: Language;
  now: Date;
}

/** The list of applications, newest first. */
export async function exportPushes(
  db: Db,
  context: ExportContext,
  filter: Omit<Parameters<typeof allPushes>[2], 'pageSize'>,
): Promise<Download> {
  const pages = await allPushes(db, context.scope, { ...filter, pageSize }, context.now);
  return await download(db, context, { list: 'apply.history', columns: pushColumns, pages });
}

/** Issue and use of every customer of the chosen pushes. */
export async function exportIssuedCoupons(db: Db, context: ExportContext, filter: IssuedFilter): Promise<Download> {
  const pages = await allIssuedCoupons(db, context.scope, { ...filter, pageSize }, context.now);
  return await download(db, context, { list: 'results.title', columns: issuedCouponColumns, pages });
}

/** The recipients of a push and what became of their messages. */
export async function exportRecipients(
  db: Db,
  context: ExportContext,
  filter: {
    pushId: number;
    search?: string | undefined;
    channel?: 'email' | 'app_push' | undefined;
    state?: ChannelOutcome | undefined;
  },
): Promise<Download> {
  const pages = await allRecipients(db, context.scope, { ...filter, pageSize });
  return await download(db, context, {
    list: 'recipients.title',
    of: String(filter.pushId),
    columns: recipientColumns,
    pages,
  });
}

interface List<Row> {
  list: ConsoleKey;
  /** What it is the list of, for the file's name. */
  of?: string;
  columns: (wording: Wording) => TableColumn<Row>[];
  pages: AsyncIterable<readonly Row[]>;
}

async function download<Row>(
  db: Db,
  { scope, format, language, now }: ExportContext,
  { list, of, columns, pages }: List<Row>,
): Promise<Download> {
  const shop = await readShop(db, scope);
  const { zone, currency } = await readMarketplace(db);
  const name = consoleText(language, list);
  const table = { name, columns: columns({ language, currency, zone }), pages, zone };
  const parts = [shop.name, name, of, dayOf(now, zone)].filter((part) => part !== undefined);
  return {
    name: `${parts.join('-')}.${format}`,
    type: fileTypes[format],
    body: format === 'csv' ? csvFile(table) : xlsxFile(table),
  };
}
