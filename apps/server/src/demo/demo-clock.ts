import { sql } from 'kysely';
import type { Db, Trx } from '../db/database.ts';
import { rescheduleReminders } from '../features/reminders/service.ts';
import { type Changes, clockChannel } from '../http/changes.ts';
import { dispatchKey, enqueue } from '../jobs/enqueue.ts';
import { AppError } from '../lib/app-error.ts';
import type { Clock } from '../lib/clock.ts';

/** The machine's clock plus an offset that is kept in the database, so that every process shows the same time. */
export class DemoClock implements Clock {
  #offsetMs = 0;

  now(): Date {
    return new Date(Date.now() + this.#offsetMs);
  }

  machineTime(moment: Date): Date {
    return new Date(moment.getTime() - this.#offsetMs);
  }

  async load(db: Db | Trx): Promise<void> {
    const row = await db.selectFrom('demo_clock').select('offset_ms').executeTakeFirst();
    this.#offsetMs = row?.offset_ms ?? 0;
  }

  /** Follows what other processes do to it. */
  follow(db: Db, changes: Changes, failed: (error: unknown) => void): void {
    changes.onClock(() => void this.load(db).catch(failed));
  }
}

/**
 * Moves the clock forward to the next slot that a push waits for, and has every waiting push dispatched by the new time.
 * @throws AppError no_slot_to_skip_to when no push waits.
 */
export async function skipToNextSlot(trx: Trx, clock: DemoClock): Promise<void> {
  await sql`insert into demo_clock (id) values (1) on conflict do nothing`.execute(trx);
  await trx.selectFrom('demo_clock').selectAll().forUpdate().execute();
  await clock.load(trx);
  const waiting = await trx
    .selectFrom('push')
    .where('state', '=', 'waiting')
    .where('paused_reason', 'is', null)
    .where('slot', '>', clock.now())
    .select(['id', 'slot'])
    .orderBy('slot')
    .execute();
  const next = waiting[0];
  if (next === undefined) throw new AppError('no_slot_to_skip_to');
  const offset = next.slot.getTime() - Date.now();
  await trx
    .updateTable('demo_clock')
    .set({ offset_ms: Math.ceil(offset) })
    .execute();
  await clock.load(trx);
  for (const { id, slot } of waiting) {
    await enqueue(trx, 'dispatch', { pushId: id }, { key: dispatchKey(id), runAt: clock.machineTime(slot) });
  }
  await rescheduleReminders(trx, clock);
  await sql`select pg_notify(${clockChannel}, '')`.execute(trx);
}
