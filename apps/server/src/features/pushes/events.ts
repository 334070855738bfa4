import type { PushEventKind } from '@coupon-push/contract/pushes.ts';
import { type RawBuilder, sql } from 'kysely';
import type { Db, Trx } from '../../db/database.ts';
import { pushChannel } from '../../http/changes.ts';

export interface PushEvent {
  pushId: number;
  kind: PushEventKind;
  detail?: Record<string, unknown>;
  happenedAt: Date;
}

/** Adds to a push's timeline, and tells whoever watches it. */
export async function recordEvent(trx: Trx, event: PushEvent): Promise<void> {
  await writeEvent(trx, event);
  await tellChanged(trx, [event.pushId]);
}

/** Adds to a push's timeline. */
export async function writeEvent(trx: Trx, event: PushEvent): Promise<void> {
  await trx
    .insertInto('push_event')
    .values({
      push_id: event.pushId,
      kind: event.kind,
      detail: JSON.stringify(event.detail ?? {}),
      happened_at: event.happenedAt,
    })
    .execute();
}

/**
 * The end of a statement that changes pushes in a `with`: adds an event to the timeline of each push (`push_id`) that its
 * part `changed` holds.
 */
export function writeEventOf(
  changed: string,
  event: { kind: PushEventKind; detail: RawBuilder<unknown>; happenedAt: Date },
): RawBuilder<unknown> {
  return sql`
    insert into push_event (push_id, kind, detail, happened_at)
    select push_id, ${event.kind}, ${event.detail}, ${event.happenedAt}
      from ${sql.table(changed)}`;
}

/** Heard when the transaction commits. */
export async function tellChanged(db: Db | Trx, pushIds: readonly number[]): Promise<void> {
  if (pushIds.length === 0) return;
  await sql`select pg_notify(${pushChannel}, push_id::text) from unnest(${pushIds}::bigint[]) as push_id`.execute(db);
}
