import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../channels/answer.ts';
import { beyondLast, isOurs, type Outcome, outcomeOf, retryDelaysMs, sendPriority, strongestAnswer } from './rules.ts';

const reason = fc.string();
const answers: fc.Arbitrary<Answer> = fc.oneof(
  fc.record({ kind: fc.constant('sent' as const) }),
  fc.record({ kind: fc.constant('retry' as const), reason, inDoubt: fc.boolean(), afterMs: fc.nat() }),
  fc.record({ kind: fc.constant('gone' as const), reason }),
  fc.record({ kind: fc.constant('failed' as const), reason }),
  fc.record({ kind: fc.constant('ours' as const), reason }),
);

const outcome = (attempts: number, answer: Answer) => outcomeOf({ customerId: 7, attempts }, answer, retryDelaysMs);

describe('the turn of a batch', () => {
  it('comes first for a push that is one batch, and then for each push’s first, second ...', () => {
    const only = { batchNo: 0, until: beyondLast };
    const first = { batchNo: 0, until: 2000 };
    const second = { batchNo: 1, until: 4000 };
    const last = { batchNo: 2, until: beyondLast };
    expect([last, second, only, first].toSorted((a, b) => sendPriority(a) - sendPriority(b))).toEqual([
      only,
      first,
      second,
      last,
    ]);
  });
});

describe('what an answer means for a recipient', () => {
  it('is final, or another attempt after a wait that grows, until the attempts are used up', () => {
    const temporary = { kind: 'retry', reason: '450', inDoubt: false } as const;
    const waits = retryDelaysMs.map((_, attempts) => outcome(attempts, temporary) as Outcome);
    expect(waits.every((one) => one.state === 'retry')).toBe(true);
    expect(waits.map((one) => one.afterMs)).toEqual([...retryDelaysMs].sort((a, b) => a - b));
    expect(outcome(retryDelaysMs.length, temporary)).toMatchObject({ state: 'failed', reason: '450' });
  });

  it('honours how long the other side asks to wait, within reason', () => {
    const wait = (afterMs: number) => outcome(0, { kind: 'retry', reason: '429', inDoubt: false, afterMs }) as Outcome;
    expect(wait(1).afterMs).toBe(retryDelaysMs[0]);
    expect(wait(3_600_000).afterMs).toBe(3_600_000);
    expect(wait(Number.MAX_SAFE_INTEGER).afterMs).toBe(6 * 3_600_000);
  });

  it('is nobody’s failure when it is about us', () => {
    expect(isOurs(outcome(0, { kind: 'ours', reason: '550 5.7.1' }))).toBe(true);
  });

  it('never makes anyone final who may still get it, and never keeps anyone who is final', () => {
    fc.assert(
      fc.property(answers, fc.integer({ min: 0, max: retryDelaysMs.length - 1 }), (answer, attempts) => {
        const result = outcome(attempts, answer);
        if (isOurs(result)) return answer.kind === 'ours';
        return result.state === answer.kind && (result.state === 'retry') === result.afterMs > 0;
      }),
    );
  });
});

describe('a customer with several devices', () => {
  it('was reached when one of them was, and is gone only when all of them are', () => {
    fc.assert(
      fc.property(fc.array(answers, { minLength: 1, maxLength: 5 }), (given) => {
        const kinds = given.map((answer) => answer.kind);
        const { kind } = strongestAnswer(given);
        expect(kinds).toContain(kind);
        expect(kind === 'sent').toBe(kinds.includes('sent'));
        expect(kind === 'gone').toBe(kinds.every((one) => one === 'gone'));
      }),
    );
  });

  it('has none any more: gone', () => {
    expect(strongestAnswer([]).kind).toBe('gone');
  });
});
