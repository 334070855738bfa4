// Without zod, so that pages that only need these figures do not load it.

export const orderStates = ['paid', 'shipped', 'delivered', 'cancelled'] as const;
export type OrderState = (typeof orderStates)[number];

/** The most orders that can be compensated at once, and that are exported into one file. */
export const maxOrdersAtOnce = 20_000;
export const maxOrdersExported = 100_000;

/** The most items that a shop feature shows. */
export const maxFeatureItems = 60;

/** Is a feature shown on this day? Both ends of its period are inclusive; one that is missing is open. */
export function isShownOn(feature: { startsOn: string | null; endsOn: string | null }, day: string): boolean {
  return (feature.startsOn ?? day) <= day && day <= (feature.endsOn ?? day);
}
