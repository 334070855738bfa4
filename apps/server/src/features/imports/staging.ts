import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Chunk } from './chunk.ts';
import type { ImportKind } from './fields.ts';
import type { ProblemCode } from './values.ts';

/** What a chunk's merge is told besides the rows in the staging table. */
export interface MergeInput {
  client: pg.PoolClient;
  /** Rows in the staging table; no two of them have the same key. */
  rows: number;
  /** Try it as if none of the rows were there yet; fails with 23505 (unique_violation) when one is. */
  fresh: boolean;
  now: Date;
  /** The marketplace's language, for customers that have none. */
  language: string;
  /** For the record of consents. */
  source: string;
}

export interface MergeOutput {
  /** Inserted or changed. */
  written: number;
  rejected: { row: number; code: ProblemCode }[];
}

/** One staging table per kind; the columns behind `present` are the fields in their order (imports/fields.ts). */
const tables: Record<ImportKind, string> = {
  customers: `
    customer_no text, login_id text, name text, email text, email_verified_at timestamptz, language language,
    refuses_coupon_mail boolean, accepts_app_push boolean, accepts_night_messages boolean, left_at timestamptz`,
  items: `
    shop_id bigint, item_no text, name text, price_minor bigint, image_url text,
    category_large text, category_middle text, category_small text, sales_rank int, units_sold int, on_sale boolean,
    search_text text`,
  orders: `
    order_no text, shop_id bigint, customer_no text, ordered_at timestamptz, total_minor bigint, state text`,
  fellows: `
    shop_id bigint, customer_no text, registered_at timestamptz`,
};

/**
 * Temporary: needs no write-ahead log, is not seen by other imports and goes away with the connection. Its rows go away
 * with each transaction.
 */
export async function createStaging(client: pg.PoolClient, kind: ImportKind): Promise<void> {
  await client.query(`
    create temporary table staged (row_no int not null, present int not null, ${tables[kind]}) on commit delete rows`);
}

export async function dropStaging(client: pg.PoolClient): Promise<void> {
  await client.query('drop table if exists staged');
}

/**
 * Copies one chunk into the staging table and merges it, in one transaction.
 * Commits without waiting for the disk: an import that a crash cuts short is run again, and the one commit that is waited
 * for at its end (the import_run row) is behind all of these in the log.
 */
export async function loadChunk(
  { chunk, zone, ...input }: Omit<MergeInput, 'rows'> & { zone: string; chunk: Chunk },
  merge: (input: MergeInput) => Promise<MergeOutput>,
): Promise<MergeOutput> {
  const { client } = input;
  await client.query('begin');
  try {
    await client.query(`select set_config('timezone', $1, true), set_config('synchronous_commit', 'off', true)`, [
      zone,
    ]);
    await copy(client, chunk.copyData);
    if (chunk.superseded.length > 0) {
      await client.query('delete from staged where row_no = any ($1::int[])', [chunk.superseded]);
    }
    const output = await merge({ ...input, rows: chunk.size });
    await client.query('commit');
    return output;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

const piece = 65_536;

async function copy(client: pg.PoolClient, data: Buffer): Promise<void> {
  const stream = client.query(copyFrom('copy staged from stdin'));
  await pipeline(function* () {
    for (let at = 0; at < data.length; at += piece) yield data.subarray(at, at + piece);
  }, stream);
}
