import type { Quota, Slots } from '@coupon-push/contract/slots.ts';
import type { Db, Trx } from '../../db/database.ts';
import type { SellerScope } from '../../http/actor.ts';
import { addDays, type Day, dayOf, mondayOf } from '../../lib/zoned-time.ts';
import { readMarketplace } from '../marketplace/service.ts';
import type { Policy } from '../policy/rules.ts';
import { readShop } from '../shops/service.ts';
import { selectQuotaUse } from './db.ts';
import { nextFreeFrom, slotDays, slotsOfDay } from './rules.ts';

type QuotaUse = Awaited<ReturnType<typeof selectQuotaUse>>;

/** The slots that are offered now, and what of the weekly quota is used (spec 3.2, 3.3). */
export async function listSlots(db: Db | Trx, scope: SellerScope, now: Date): Promise<Slots> {
  await readShop(db, scope);
  const { zone, policy } = await readMarketplace(db);
  const thisMonday = mondayOf(dayOf(now, zone));
  const used = await selectQuotaUse(db, scope, thisMonday);
  const isFull = (monday: Day) => quotaOf(monday, used, policy).used >= policy.pushesPerWeek;
  const dates = slotDays(now, policy, zone).map((date) => ({
    date,
    weekFull: isFull(mondayOf(date)),
    slots: slotsOfDay(date, now, policy, zone),
  }));
  const weeks = [...new Set(dates.map(({ date }) => mondayOf(date)))];
  const nextFree = dates.find((date) => !date.weekFull && date.slots.length > 0)?.slots[0]?.slot ?? null;
  return {
    zone,
    now: now.toISOString(),
    dates,
    quotas: weeks.map((monday) => quotaOf(monday, used, policy)),
    thisWeek: quotaOf(thisMonday, used, policy),
    nextFree,
    nextFreeFrom: nextFree === null ? nextFreeFrom(now, policy, zone, isFull) : null,
  };
}

function quotaOf(monday: Day, used: QuotaUse, policy: Policy): Quota {
  const pushes = used.filter((push) => push.slot_week === monday);
  return {
    weekFrom: monday,
    weekUntil: addDays(monday, 6),
    allowed: policy.pushesPerWeek,
    used: pushes.length,
    pushes: pushes.map((push) => ({ id: push.id, slot: push.slot.toISOString() })),
  };
}
