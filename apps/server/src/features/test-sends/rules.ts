import { testSendsAnHour } from '@coupon-push/contract/test-sends.ts';

export const hourMs = 3_600_000;

/** How long a person has to wait until the next test send, ms; 0: not at all. `times`: theirs, oldest first. */
export function waitForTestSend(times: readonly Date[], now: Date): number {
  const recent = times.filter((time) => now.getTime() - time.getTime() < hourMs);
  const leaving = recent[recent.length - testSendsAnHour];
  return leaving === undefined ? 0 : leaving.getTime() + hourMs - now.getTime();
}
