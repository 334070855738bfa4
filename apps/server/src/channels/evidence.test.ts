import { describe, expect, it } from 'vitest';
import { Evidence } from './evidence.ts';

/** What each of these customers' refusals means, one after the other, `stepMs` apart. */
function weigh(evidence: Evidence, clock: { now: number }, about: string, customers: readonly number[], stepMs = 3000) {
  return customers.map((customer) => {
    clock.now += stepMs;
    return evidence.refused(about, customer);
  });
}

function start(): { evidence: Evidence; clock: { now: number } } {
  const clock = { now: 0 };
  return { evidence: new Evidence(() => clock.now), clock };
}

describe('a refusal', () => {
  it('is about the device as long as others are reached, and about us when several customers are not', () => {
    const { evidence, clock } = start();
    evidence.taken('service');
    expect(weigh(evidence, clock, 'service', [1, 2, 3, 4])).toEqual(Array(4).fill('device'));
    expect(weigh(evidence, clock, 'other', [1, 2, 3, 4])).toEqual(['unknown', 'unknown', 'us', 'us']);
  });

  it('says nothing when it is among the first answers: refusals are quicker than successes', () => {
    const { evidence, clock } = start();
    const customers = Array.from({ length: 100 }, (_, n) => n);
    expect(new Set(weigh(evidence, clock, 'service', customers, 10))).toEqual(new Set(['unknown']));
    evidence.taken('service');
    expect(weigh(evidence, clock, 'service', [200, 201])).toEqual(['device', 'device']);
  });

  it('of one customer’s many devices is one voice', () => {
    const { evidence, clock } = start();
    expect(weigh(evidence, clock, 'service', Array(20).fill(1))).toEqual(Array(20).fill('unknown'));
  });

  it('is about the device again once somebody is reached', () => {
    const { evidence, clock } = start();
    expect(weigh(evidence, clock, 'service', [1, 2, 3]).at(-1)).toBe('us');
    evidence.taken('service');
    expect(weigh(evidence, clock, 'service', [4])).toEqual(['device']);
  });

  it('is weighed anew when the last success is long ago: a key may have been withdrawn since', () => {
    const { evidence, clock } = start();
    evidence.taken('service');
    clock.now = 11 * 60_000;
    expect(weigh(evidence, clock, 'service', [1, 2, 3])).toEqual(['unknown', 'unknown', 'us']);
  });

  it('is remembered for a bounded number of subjects', () => {
    const { evidence } = start();
    evidence.taken('first');
    for (let n = 0; n < 600; n += 1) evidence.taken(`payload ${n}`);
    expect(evidence.refused('first', 1)).toBe('unknown');
  });
});
