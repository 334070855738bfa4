import type { Language } from '@coupon-push/contract/common.ts';
import { type Consent, consentSchema } from '@coupon-push/contract/my-page.ts';
import type { Db, Trx } from '../../db/database.ts';
import { found } from '../../lib/app-error.ts';
import {
  type Choices,
  type ChoicesRow,
  recordAppPushConsent,
  type Said,
  selectChoices,
  selectConsents,
  selectFollowedShop,
  selectMailConsent,
  writeChoices,
  writeMute,
  writeRefusal,
} from './db.ts';
import type { TokenContents } from './rules.ts';

/** How a refusal reached us: the mail program's own button (RFC 8058), our page, or a report that the mail is unwanted. */
export type RefusalWay = 'one_click' | 'page' | 'complaint';

/**
 * A customer wants no more shop coupon mail: from this moment nobody sends them any, and when and how it was said is
 * kept (law-and-standards.md). Said again, it changes and records nothing.
 * @returns 'refused', 'already', or 'unknown' when there is no such customer.
 */
export async function refuseCouponMail(
  db: Db | Trx,
  refusal: { customerId: number; how: RefusalWay; source: string; at: Date },
): Promise<'refused' | 'already' | 'unknown'> {
  if (await writeRefusal(db, refusal)) return 'refused';
  const customer = await selectMailConsent(db, refusal.customerId);
  return customer === undefined ? 'unknown' : 'already';
}

/** What a customer agrees to now; undefined for nobody, and for who has left. */
export async function readChoices(db: Db | Trx, customerId: number): Promise<ChoicesRow | undefined> {
  return await selectChoices(db, customerId);
}

/**
 * A customer gives or withdraws consents. From this moment they hold, for pushes not yet dispatched and for what of a
 * dispatch was not yet sent; when, how and where it was said is kept. What is said again changes and records nothing.
 */
export async function changeChoices(db: Db | Trx, said: Said, choices: Partial<Choices>): Promise<void> {
  await writeChoices(db, said, choices);
}

/**
 * A customer was asked about app pushes and has agreed. Kept also when the marketplace had said so before, or nobody had: this
 * is the customer's own yes.
 */
export async function agreeToAppPush(trx: Trx, said: Said): Promise<void> {
  await writeChoices(trx, said, { appPush: true });
  await recordAppPushConsent(trx, said);
}

/**
 * A customer wants nothing of one shop for a while, or again. They stay its fellow.
 * @throws AppError not_found for a shop that the customer does not follow.
 */
export async function muteShop(db: Db | Trx, said: Said, mute: { shopNo: string; muted: boolean }): Promise<void> {
  const { shopId } = found(await selectFollowedShop(db, said.customerId, { shopNo: mute.shopNo }));
  await writeMute(db, said, { shopId, muted: mute.muted });
}

/** How a customer stands who opened the link of an e-mail; the shop is the push's, for who follows it. */
export async function readStanding(
  db: Db,
  { customerId, pushId }: TokenContents,
): Promise<{ language: Language; choices: Choices; shop: { name: string; muted: boolean } | null } | undefined> {
  const row = await selectChoices(db, customerId);
  if (row === undefined) return undefined;
  const { language, couponMail, appPush, nightMessages } = row;
  const shop = (await selectFollowedShop(db, customerId, { pushId })) ?? null;
  return { language, choices: { couponMail, appPush, nightMessages }, shop };
}

/** What a customer chose on the page of an e-mail's link, all of it or none; `listens`: the shop is not muted; missing: it stays. */
export async function chooseByLink(
  db: Db,
  { customerId, pushId }: TokenContents,
  { choices, listens, at }: { choices: Partial<Choices>; listens?: boolean; at: Date },
): Promise<void> {
  const said: Said = { customerId, how: 'page', source: `push ${pushId}`, at };
  await db.transaction().execute(async (trx) => {
    await writeChoices(trx, said, choices);
    if (listens === undefined) return;
    const shop = await selectFollowedShop(trx, customerId, { pushId });
    if (shop !== undefined) await writeMute(trx, said, { shopId: shop.shopId, muted: !listens });
  });
}

/** What was given and withdrawn, newest first. */
export async function listConsents(
  db: Db,
  customerId: number,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<{ entries: Consent[]; next: string | null }> {
  const before = /^\d{1,15}$/.test(after ?? '') ? Number(after) : undefined;
  const rows = await selectConsents(db, customerId, { before, limit: limit + 1 });
  const shown = rows.slice(0, limit);
  return {
    entries: shown.map(({ kind, given, shopNo, shopName, how, source, recordedAt }) => ({
      kind: consentSchema.shape.kind.parse(kind),
      given,
      shop: shopNo === null || shopName === null ? null : { shopNo, name: shopName },
      how,
      source,
      recordedAt: recordedAt.toISOString(),
    })),
    next: rows.length > limit ? String(shown.at(-1)?.id) : null,
  };
}
