import { sql } from 'kysely';
import type { Db, Trx } from '../../db/database.ts';

export interface ReminderRow {
  dueAt: Date;
  customers: number;
  finishedAt: Date | null;
}

export async function insertReminder(trx: Trx, reminder: { pushId: number; dueAt: Date }): Promise<void> {
  await sql`
    insert into reminder (push_id, due_at) values (${reminder.pushId}, ${reminder.dueAt})
    on conflict do nothing`.execute(trx);
}

export async function selectReminder(db: Db | Trx, pushId: number): Promise<ReminderRow | undefined> {
  const { rows } = await sql<ReminderRow>`
    select due_at as "dueAt", customers, finished_at as "finishedAt" from reminder where push_id = ${pushId}`.execute(
    db,
  );
  return rows[0];
}

export async function selectOpenReminders(db: Db | Trx): Promise<{ pushId: number; dueAt: Date }[]> {
  const { rows } = await sql<{ pushId: number; dueAt: Date }>`
    select push_id as "pushId", due_at as "dueAt" from reminder where finished_at is null`.execute(db);
  return rows;
}
