import type pg from 'pg';
import type { ImportKind } from './fields.ts';
import type { ImportCounts } from './service.ts';

export async function selectMarketplace(
  pool: pg.Pool,
): Promise<{ currency: string; zone: string; language: string } | undefined> {
  const { rows } = await pool.query('select currency, zone, language from marketplace');
  return rows[0];
}

/** shop_no to id. */
export async function readShops(pool: pg.Pool): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ shop_no: string; id: number }>('select shop_no, id from shop order by shop_no');
  return new Map(rows.map((row) => [row.shop_no, row.id]));
}

/** Any number that nothing else in this database locks with two keys. */
const lock = 20_260_303;
const lockOf: Record<ImportKind, number> = { customers: 1, items: 2, orders: 3, fellows: 4 };

/**
 * Waits until no other import of this kind runs. Two of them would wait for each other's rows in turn, which PostgreSQL
 * ends by failing one.
 * @returns what ends it; also the end of the process does.
 */
export async function lockKind(pool: pg.Pool, kind: ImportKind): Promise<() => Promise<void>> {
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock($1, $2)', [lock, lockOf[kind]]);
  } catch (error) {
    client.release(true);
    throw error;
  }
  return async () => {
    try {
      await client.query('select pg_advisory_unlock($1, $2)', [lock, lockOf[kind]]);
      client.release();
    } catch {
      // The connection is gone, and the lock with it.
      client.release(true);
    }
  };
}

/**
 * After many new rows the planner has to know them; and fellow's counts read its index alone only where VACUUM has marked
 * the pages as visible to all.
 */
const maintenance: Record<ImportKind, string> = {
  customers: 'analyze customer, customer_number, consent_record',
  items: 'analyze item, category',
  orders: 'analyze customer_order, order_number',
  fellows: 'vacuum (analyze) fellow',
};

export async function maintain(pool: pg.Pool, kind: ImportKind): Promise<void> {
  await pool.query(maintenance[kind]);
}

export async function insertRun(
  pool: pg.Pool,
  run: { kind: ImportKind; fileName: string; counts: ImportCounts; startedAt: Date; finishedAt: Date },
): Promise<void> {
  await pool.query(
    `insert into import_run (kind, file_name, rows_read, rows_written, rows_rejected, started_at, finished_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [run.kind, run.fileName, run.counts.read, run.counts.written, run.counts.rejected, run.startedAt, run.finishedAt],
  );
}
