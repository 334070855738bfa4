import type { PushState } from '@coupon-push/contract/pushes.ts';

/** True when nothing about the push will change any more. */
export function isFinal(state: PushState): boolean {
  return state !== 'waiting' && state !== 'sending';
}
