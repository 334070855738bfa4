import { expect, it } from 'vitest';
import { killKinds, torture } from '../../test/torture.ts';

/** The short form of `npm run torture`, which kills hundreds of times over a push of 10,000. */
it('a push during which everything that takes part in it is killed reaches everybody, once, and the books are right', async () => {
  const { kills, wrong, gaveUp, ...figures } = await torture({
    recipients: 400,
    kills: 7,
    workers: 2,
    seed: 20_261_122,
    limitMs: 100_000,
  });
  expect(wrong).toEqual([]);
  expect(gaveUp).toEqual([]);
  expect(figures).toMatchObject({ state: 'sent', recipients: 400, appPushes: 80 });
  for (const kind of killKinds) expect(kills[kind]).toBeGreaterThan(0);
}, 120_000);
