import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { violatedConstraint } from './violated-constraint.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  return database.drop;
});

const errorOf = (statement: string): Promise<unknown> =>
  database.pool.query(statement).then(
    () => undefined,
    (error: unknown) => error,
  );

/** As Citus passes on what a node said: its code and its message, and nothing else. */
function passedOn(message: string, code: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError(message, message.length, 'error'), { code });
}

describe('the constraint that a statement would have broken', () => {
  it('is what PostgreSQL names', async () => {
    await database.pool.query(`insert into redemption_order (order_no, rolled_back_at) values ('A-1', now())`);
    const again = await errorOf(`insert into redemption_order (order_no, rolled_back_at) values ('A-1', now())`);
    expect(violatedConstraint(again)).toBe('redemption_order_pkey');
    expect(violatedConstraint(await errorOf(`insert into demo_clock (offset_ms) values (-1)`))).toBe(
      'demo_clock_offset_ms_check',
    );
    expect(violatedConstraint(await errorOf('select 1/0'))).toBeUndefined();
    expect(violatedConstraint(new Error('duplicate key value violates unique constraint "x"'))).toBeUndefined();
  });

  it('is read out of the message of a shard, without its number', () => {
    const unique = 'duplicate key value violates unique constraint "redemption_pkey_102145"';
    expect(violatedConstraint(passedOn(unique, '23505'))).toBe('redemption_pkey');
    const check = 'new row for relation "coupon_102008" violates check constraint "coupon_used_within_limit"';
    expect(violatedConstraint(passedOn(check, '23514'))).toBe('coupon_used_within_limit');
    expect(violatedConstraint(passedOn(unique, '40P01'))).toBeUndefined();
  });
});
