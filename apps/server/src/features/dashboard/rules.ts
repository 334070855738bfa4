import type { PushSummary } from '@coupon-push/contract/pushes.ts';

const week = 7 * 86_400_000;

/** The push that goes out first comes first. */
export function bySlot(pushes: readonly PushSummary[]): PushSummary[] {
  return pushes.toSorted((a, b) => Date.parse(a.slot) - Date.parse(b.slot));
}

/** The push that went out last comes first. */
export function newestFirst(pushes: readonly PushSummary[]): PushSummary[] {
  return bySlot(pushes).toReversed();
}

/** Was the slot within the last seven days? */
export function isRecent({ slot }: Pick<PushSummary, 'slot'>, now: Date): boolean {
  return now.getTime() - Date.parse(slot) < week;
}
