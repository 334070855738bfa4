import { z } from 'zod';
import { isZone } from '../../lib/zoned-time.ts';
import { type PolicyProfile, profileMarketplace } from '../policy/rules.ts';

const text = z.string().trim().min(1).max(300);
const link = z.httpUrl().max(500);
const template = (name: string) =>
  z
    .string()
    .max(500)
    .refine((url) => URL.canParse(url) && /^https?:/.test(url), 'has to begin with http:// or https://')
    .refine((url) => url.includes(`{${name}}`), `has to contain {${name}}`);
const language = z.enum(['ja', 'ko', 'en']);

const marketplaceSetup = z.strictObject({
  name: text,
  profile: z.enum(['jp', 'kr']),
  language: language.optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  zone: z.string().refine(isZone, 'is no time zone').optional(),
  senderName: text,
  senderPostalAddress: text,
  senderEmail: z.email(),
  contactUrl: link,
  couponBoxUrl: link,
  qpostUrl: link,
  shopUrlTemplate: template('shop'),
  itemUrlTemplate: template('item'),
  featureUrlTemplate: template('feature'),
});

const personSetup = z.strictObject({
  name: text,
  email: z.email().max(200),
  password: z.string().min(10).max(128),
  role: z.enum(['seller', 'operator']),
  language,
  shops: z.array(z.strictObject({ shopNo: text, role: z.enum(['owner', 'staff']) })).default([]),
});

/** What a marketplace is set up from (docs/setup.example.json). */
export const setupSchema = z
  .strictObject({
    marketplace: marketplaceSetup,
    shops: z.array(z.strictObject({ shopNo: text, name: text })).default([]),
    people: z.array(personSetup).default([]),
  })
  .superRefine(({ shops, people }, context) => {
    const known = new Set(shops.map((shop) => shop.shopNo));
    for (const [index, person] of people.entries()) {
      for (const [place, { shopNo }] of person.shops.entries()) {
        if (known.has(shopNo)) continue;
        const path = ['people', index, 'shops', place, 'shopNo'];
        context.addIssue({ code: 'custom', path, message: `there is no shop "${shopNo}" in shops` });
      }
    }
  });
export type Setup = z.infer<typeof setupSchema>;

/** Language, currency and zone: what was set up, or else what the profile has (spec 3, policy profiles). */
export function localeOf(marketplace: Setup['marketplace']) {
  const profile = profileMarketplace[marketplace.profile satisfies PolicyProfile];
  return {
    language: marketplace.language ?? profile.language,
    currency: marketplace.currency ?? profile.currency,
    zone: marketplace.zone ?? profile.zone,
  };
}
