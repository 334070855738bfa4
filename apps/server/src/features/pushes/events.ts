import type { PushEventKind } from '@coupon-push/contract/pushes.ts';
import { sql } from 'kysely';
import type { Trx } from '../../db/database.ts';
import { pushChannel } from '../../http/changes.ts';

/** Adds to a push's timeline, and tells whoever watches it. */
export async function recordEvent(
  trx: Trx,
  event: { pushId: number; kind: PushEventKind; detail?: Record<string, unknown>; happenedAt: Date },
): Promise<void> {
  await trx
    .insertInto('push_event')
    .values({
      push_id: event.pushId,
      kind: event.kind,
      detail: JSON.stringify(event.detail ?? {}),
      happened_at: event.happenedAt,
    })
    .execute();
  await tellChanged(trx, event.pushId);
}

/** Heard when the transaction commits. */
export async function tellChanged(trx: Trx, pushId: number): Promise<void> {
  await sql`select pg_notify(${pushChannel}, ${String(pushId)})`.execute(trx);
}
