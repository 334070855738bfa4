import type { Language } from '@coupon-push/contract/common.ts';
import type { MyMarketplace } from '@coupon-push/contract/my-page.ts';
import type { Marketplace as MarketplaceAnswer } from '@coupon-push/contract/session.ts';
import type { Db, Trx } from '../../db/database.ts';
import { AppError, fieldRefused } from '../../lib/app-error.ts';
import type { Clock } from '../../lib/clock.ts';
import { contradicts, effectivePolicy, type Policy, policySchema } from '../policy/rules.ts';
import { selectMarketplace, writePolicyValue } from './db.ts';

/** The one marketplace of this deployment, with the policy in force. */
export interface Marketplace {
  name: string;
  language: Language;
  currency: string;
  zone: string;
  senderName: string;
  senderPostalAddress: string;
  senderEmail: string;
  contactUrl: string;
  couponBoxUrl: string;
  qpostUrl: string;
  shopUrlTemplate: string;
  itemUrlTemplate: string;
  featureUrlTemplate: string;
  demo: boolean;
  policy: Policy;
}

/** @throws AppError unavailable when no marketplace has been set up. */
export async function readMarketplace(db: Db | Trx): Promise<Marketplace> {
  const row = await selectMarketplace(db);
  if (row === undefined) throw new AppError('unavailable');
  const policy = effectivePolicy(row.policy_profile === 'kr' ? 'kr' : 'jp', row.policy_values ?? {});
  return {
    name: row.name,
    language: row.language,
    currency: row.currency,
    zone: row.zone,
    senderName: row.sender_name,
    senderPostalAddress: row.sender_postal_address,
    senderEmail: row.sender_email,
    contactUrl: row.contact_url,
    couponBoxUrl: row.coupon_box_url,
    qpostUrl: row.qpost_url,
    shopUrlTemplate: row.shop_url_template,
    itemUrlTemplate: row.item_url_template,
    featureUrlTemplate: row.feature_url_template,
    demo: row.demo,
    policy,
  };
}

export function marketplaceAnswer(marketplace: Marketplace, clock: Clock): MarketplaceAnswer {
  const { name, language, currency, zone, contactUrl, demo, policy } = marketplace;
  return {
    name,
    language,
    currency,
    zone,
    contactUrl,
    demo,
    now: clock.now().toISOString(),
    cancelHours: policy.cancelHours,
    banner: { sizes: policy.bannerSizes, maxBytes: policy.bannerMaxBytes },
    bestItems: {
      min: policy.bestItemsMin,
      max: policy.bestItemsMax,
      default: policy.bestItemsDefault,
      maxChosen: policy.chosenItemsMax,
    },
  };
}

/** What customers are told of it. */
export function myMarketplaceAnswer(
  { name, language, currency, zone, contactUrl, senderName, senderPostalAddress }: Marketplace,
  clock: Clock,
): Omit<MyMarketplace, 'signInUrl' | 'actAs'> {
  const now = clock.now().toISOString();
  return { name, language, currency, zone, contactUrl, senderName, senderPostalAddress, now };
}

/**
 * Sets one value of the policy; who and when is recorded (spec 3, policy profiles).
 * @throws AppError invalid_request with the field when the key does not exist or cannot have this value, as beside the others.
 */
export async function changePolicy(
  trx: Trx,
  change: { key: string; value: unknown; changedBy: string; now: Date },
): Promise<Policy> {
  const { policy } = await readMarketplace(trx);
  if (!Object.hasOwn(policySchema.shape, change.key)) throw fieldRefused('key', 'invalid_value');
  const parsed = policySchema.safeParse({ ...policy, [change.key]: change.value });
  if (!parsed.success) throw fieldRefused('value', parsed.error.issues[0]?.code ?? 'invalid_value');
  if (contradicts(parsed.data, change.key)) throw fieldRefused('value', 'invalid_value');
  await writePolicyValue(trx, {
    key: change.key,
    oldValue: policy[change.key as keyof Policy],
    newValue: parsed.data[change.key as keyof Policy],
    changedBy: change.changedBy,
    changedAt: change.now,
  });
  return parsed.data;
}

/** A link out of the templates that the operator set: `{shop}`, `{item}` and `{feature}` are filled in, escaped. */
export function fillLink(template: string, values: { shop: string; item?: string; feature?: string }): string {
  return template.replace(/\{(shop|item|feature)\}/g, (_, name: 'shop' | 'item' | 'feature') =>
    encodeURIComponent(values[name] ?? ''),
  );
}
