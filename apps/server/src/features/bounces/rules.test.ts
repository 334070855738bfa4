import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BounceClass, failureOf, suppressionOf } from './rules.ts';

describe('a failure that is reported later', () => {
  const table: [string | null, string, BounceClass][] = [
    ['5.1.1', '550 5.1.1 no such user', 'hard'],
    ['5.1.2', '550 5.1.2 bad destination', 'hard'],
    ['5.1.3', '501 5.1.3 bad syntax', 'hard'],
    ['5.1.6', '551 5.1.6 moved', 'hard'],
    ['5.1.10', '550 5.1.10 RecipientNotFound', 'hard'],
    ['5.2.1', '550 5.2.1 inactive', 'disabled'],
    ['5.2.2', '552 5.2.2 over quota', 'soft'],
    ['4.2.2', '452 4.2.2 over quota', 'soft'],
    ['4.4.1', 'connect to mx: Connection timed out', 'soft'],
    ['4.1.2', 'name service error', 'soft'],
    ['5.4.1', '550 5.4.1 Recipient address rejected: Access denied', 'soft'],
    ['5.4.4', 'Host not found', 'soft'],
    ['5.7.1', '554 5.7.1 refused as spam', 'ours'],
    ['5.7.26', '550 5.7.26 unauthenticated', 'ours'],
    ['4.7.0', '421 4.7.0 unusual rate of mail', 'ours'],
    ['5.1.8', '553 5.1.8 sender domain', 'ours'],
    ['5.2.3', '552 5.2.3 too long', 'ours'],
    ['5.3.4', '552 5.3.4 too big', 'ours'],
    ['5.6.0', '554 5.6.0 content', 'ours'],
    // The code says nothing: what the server said does.
    ['5.0.0', '550 5.1.1 unknown', 'hard'],
    ['5.0.0', '550 No such user here', 'hard'],
    ['5.0.0', '554 blocked using a DNSBL', 'ours'],
    ['5.0.0', '550 something', 'soft'],
    [null, '550-5.2.1 inactive 550 5.2.1 go on', 'disabled'],
    [null, 'User unknown', 'hard'],
    [null, '', 'soft'],
    ['nonsense', 'host 192.0.5.1.1 said 550 mailbox unavailable', 'soft'],
  ];

  it.each(table)('with status %s: %s', (status, said, expected) => {
    expect(failureOf(status, said).class).toBe(expected);
  });

  it('is kept as one line, whatever a report holds', () => {
    expect(failureOf('5.1.1 \0(bad)', '550\0 no\r\n such  user')).toEqual({
      class: 'hard',
      status: '5.1.1',
      reason: '550 no such user',
    });
  });

  it('of whatever text is read without failing, and its reason kept short', () => {
    fc.assert(
      fc.property(fc.option(fc.string()), fc.string({ maxLength: 2000 }), (status, said) => {
        expect(failureOf(status, said).reason.length).toBeLessThanOrEqual(500);
      }),
    );
  });

  it('about us or the message never suppresses anybody, however often', () => {
    const many: BounceClass[] = Array.from({ length: 100 }, () => 'ours');
    expect(suppressionOf('ours', many, { softBouncesBeforeSuppression: 1 })).toBeNull();
  });
});

describe('an address', () => {
  const policy = { softBouncesBeforeSuppression: 5 };
  const times = (count: number, one: BounceClass): BounceClass[] => Array.from({ length: count }, () => one);

  it('that does not exist is suppressed at once', () => {
    expect(suppressionOf('hard', ['hard'], policy)).toBe('hard_bounce');
  });

  it('that is disabled is suppressed after three pushes', () => {
    expect(suppressionOf('disabled', times(2, 'disabled'), policy)).toBeNull();
    expect(suppressionOf('disabled', times(3, 'disabled'), policy)).toBe('mailbox_disabled');
  });

  it('that is full or out of order is suppressed after as many pushes as the policy says', () => {
    expect(suppressionOf('soft', times(4, 'soft'), policy)).toBeNull();
    expect(suppressionOf('soft', [...times(4, 'soft'), ...times(9, 'ours')], policy)).toBeNull();
    expect(suppressionOf('soft', times(5, 'soft'), policy)).toBe('soft_bounces');
    expect(suppressionOf('soft', times(2, 'soft'), { softBouncesBeforeSuppression: 2 })).toBe('soft_bounces');
  });
});
