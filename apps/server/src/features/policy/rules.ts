import { z } from 'zod';

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/**
 * The operator's rules (spec 3): every figure is a value here. A profile gives the defaults, the operator's own values
 * lie over it.
 */
export const policySchema = z.object({
  /** At most so many pushes of a shop have their slot in one calendar week. */
  pushesPerWeek: z.number().int().min(1).max(50),
  /** Slots are offered from so many days after today ... */
  firstDayAhead: z.number().int().min(0).max(60),
  /** ... to so many days after today. */
  lastDayAhead: z.number().int().min(0).max(60),
  firstTime: time,
  lastTime: time,
  slotMinutes: z.number().int().min(5).max(720),
  /** A push can be cancelled until so many hours before its slot. */
  cancelHours: z.number().int().min(0).max(168),
  /** Warn when less than so many days of validity remain after the slot. */
  validityWarningDays: z.number().int().min(0).max(90),
  bestItemsMin: z.number().int().min(1).max(16),
  bestItemsMax: z.number().int().min(1).max(16),
  bestItemsDefault: z.number().int().min(1).max(16),
  chosenItemsMax: z.number().int().min(1).max(16),
  bannerSizes: z.array(z.object({ width: z.number().int().positive(), height: z.number().int().positive() })).min(1),
  bannerMaxBytes: z.number().int().positive(),
  /** Subjects and titles begin with the label of the Korean Network Act. */
  advertisingLabel: z.boolean(),
  /** No app push or Qpost in these hours to a customer who did not agree to night messages; null: no such rule. */
  quietHours: z.object({ from: time, until: time }).nullable(),
  /** A push later than this after its slot is not sent without the operator's word (spec 6). */
  latestHours: z.number().int().min(1).max(168),
  /** E-mails of so many pushes in a row that come back for a while (full mailboxes, 4.x) suppress the address. */
  softBouncesBeforeSuppression: z.number().int().min(1).max(50),
});
export type Policy = z.infer<typeof policySchema>;

export type PolicyProfile = 'jp' | 'kr';

const jp: Policy = {
  pushesPerWeek: 1,
  firstDayAhead: 1,
  lastDayAhead: 3,
  firstTime: '10:00',
  lastTime: '22:00',
  slotMinutes: 30,
  cancelHours: 24,
  validityWarningDays: 3,
  bestItemsMin: 4,
  bestItemsMax: 16,
  bestItemsDefault: 4,
  chosenItemsMax: 16,
  bannerSizes: [
    { width: 1860, height: 240 },
    { width: 800, height: 100 },
  ],
  bannerMaxBytes: 2 * 1024 * 1024,
  advertisingLabel: false,
  quietHours: null,
  latestHours: 24,
  softBouncesBeforeSuppression: 5,
};

const kr: Policy = {
  ...jp,
  bestItemsMax: 4,
  bannerSizes: [{ width: 800, height: 100 }],
  advertisingLabel: true,
  quietHours: { from: '21:00', until: '08:00' },
};

export const policyProfiles: Record<PolicyProfile, Policy> = { jp, kr };

/** What a marketplace with this profile starts from. */
export const profileMarketplace: Record<PolicyProfile, { zone: string; currency: string; language: 'ja' | 'ko' }> = {
  jp: { zone: 'Asia/Tokyo', currency: 'JPY', language: 'ja' },
  kr: { zone: 'Asia/Seoul', currency: 'KRW', language: 'ko' },
};

/**
 * The policy in force: the profile with the operator's own values over it.
 * @throws ZodError when a stored value is not one that the key can have.
 */
export function effectivePolicy(profile: PolicyProfile, own: Record<string, unknown>): Policy {
  return policySchema.parse({ ...policyProfiles[profile], ...own });
}

/** Of each two figures the first may not lie above the second: nothing could be chosen in between. */
const inOrder: readonly (readonly [keyof Policy, keyof Policy])[] = [
  ['firstDayAhead', 'lastDayAhead'],
  ['firstTime', 'lastTime'],
  ['bestItemsMin', 'bestItemsDefault'],
  ['bestItemsDefault', 'bestItemsMax'],
];

/** Does this figure contradict another one of the policy? */
export function contradicts(policy: Policy, key: string): boolean {
  return inOrder.some((pair) => {
    const [low, high] = [policy[pair[0]], policy[pair[1]]];
    return pair.some((name) => name === key) && low !== null && high !== null && low > high;
  });
}

/**
 * Does a wall-clock time fall into hours that may reach over midnight? `from` belongs to them, `until` does not
 * (Network Act Art. 50: 21:00 to 08:00).
 */
export function isWithinHours(time: string, hours: { from: string; until: string }): boolean {
  if (hours.from <= hours.until) return time >= hours.from && time < hours.until;
  return time >= hours.from || time < hours.until;
}
