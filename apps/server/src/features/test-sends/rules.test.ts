import { describe, expect, it } from 'vitest';
import { waitForTestSend } from './rules.ts';

const now = new Date('2026-11-25T10:00:00Z');
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

describe('the tenth test send within an hour is the last one', () => {
  it('so nine are followed by another one at once', () => {
    expect(
      waitForTestSend(
        Array.from({ length: 9 }, () => minutesAgo(1)),
        now,
      ),
    ).toBe(0);
  });
  it('and after ten the next one waits until the first of them is an hour old', () => {
    const times = Array.from({ length: 10 }, (_, index) => minutesAgo(50 - index));
    expect(waitForTestSend(times, now)).toBe(10 * 60_000);
  });
  it('where older ones do not count', () => {
    const times = Array.from({ length: 10 }, (_, index) => minutesAgo(60 - index));
    expect(waitForTestSend(times, now)).toBe(0);
  });
});
