import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../answer.ts';
import { classifyFailure, classifyReply, type Phase, parseReply } from './classify.ts';

const phases: Phase[] = ['connect', 'auth', 'mail', 'rcpt', 'data', 'message'];
const phase = fc.constantFrom(...phases);
const enhanced = fc.option(
  fc
    .tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 30 }))
    .map(([subject, detail]) => ({ subject, detail })),
);

function classify(response: string, at: Phase): Answer {
  const reply = parseReply(response);
  if (reply === null) throw new Error(`not a reply: ${response}`);
  return classifyReply(reply, at);
}

describe('a reply', () => {
  const hard = { kind: 'failed', hardBounce: true };
  const soft = { kind: 'failed', hardBounce: false };
  const table: [string, Phase, object][] = [
    ['250 2.0.0 queued as 1234', 'message', { kind: 'sent' }],
    ['450 4.2.1 greylisted', 'rcpt', { kind: 'retry', inDoubt: false }],
    ['452 4.2.2 mailbox full', 'rcpt', { kind: 'retry', inDoubt: false }],
    ['421 4.7.0 too many connections', 'connect', { kind: 'retry', inDoubt: false }],
    ['421 shutting down', 'message', { kind: 'retry', inDoubt: false }],
    ['451 local error', 'message', { kind: 'retry', inDoubt: false }],
    ['454 4.7.0 temporary authentication failure', 'auth', { kind: 'retry', inDoubt: false }],
    ['503 bad sequence of commands', 'mail', { kind: 'retry', inDoubt: false }],
    ['550 5.1.1 no such user', 'rcpt', hard],
    ['550-5.1.1 The email account that you tried to reach does\r\n550 5.1.1 not exist', 'message', hard],
    ['550 5.1.2 bad destination system', 'rcpt', hard],
    ['501 5.1.3 bad address syntax', 'rcpt', hard],
    ['551 5.1.6 moved', 'rcpt', hard],
    ['556 5.1.10 null MX', 'rcpt', hard],
    ['550 5.2.1 mailbox disabled', 'rcpt', soft],
    ['552 5.2.2 mailbox full', 'rcpt', soft],
    ['552 5.2.3 message too long', 'message', soft],
    ['552 5.3.4 message too big', 'mail', soft],
    ['550 5.7.1 message refused', 'message', { kind: 'ours' }],
    ['550 5.7.26 unauthenticated mail', 'message', { kind: 'ours' }],
    ['535 5.7.8 wrong password', 'auth', { kind: 'ours' }],
    ['530 authentication required', 'mail', { kind: 'ours' }],
    ['553 5.1.8 sender domain not found', 'mail', { kind: 'ours' }],
    ['550 5.1.8 bad sender', 'rcpt', { kind: 'ours' }],
    ['554 no SMTP service here', 'connect', { kind: 'ours' }],
    ['550 No such user here', 'rcpt', hard],
    ['550 User unknown', 'rcpt', hard],
    ['550 blocked using a DNSBL', 'rcpt', { kind: 'ours' }],
    ['554 message looks like spam', 'message', { kind: 'ours' }],
    ['550 mailbox unavailable', 'rcpt', soft],
    ['554 transaction failed', 'message', soft],
    ['354 go on', 'message', { kind: 'retry', inDoubt: true }],
  ];

  it.each(table)('%s, to %s', (response, at, expected) => {
    expect({ hardBounce: false, ...classify(response, at) }).toMatchObject(expected);
  });

  it('of 4xx is always tried again, and is no doubt', () => {
    fc.assert(
      fc.property(fc.integer({ min: 400, max: 499 }), enhanced, fc.string(), phase, (code, status, text, at) => {
        const written = status === null ? '' : `4.${status.subject}.${status.detail} `;
        const answer = classifyReply({ code, enhanced: written.trim() || null, text }, at);
        expect(answer).toMatchObject({ kind: 'retry', inDoubt: false });
      }),
    );
  });

  it('of 5xx is never tried again, but for 503', () => {
    fc.assert(
      fc.property(fc.integer({ min: 500, max: 599 }), enhanced, fc.string(), phase, (code, status, text, at) => {
        fc.pre(code !== 503);
        const written = status === null ? null : `5.${status.subject}.${status.detail}`;
        expect(['failed', 'ours']).toContain(classifyReply({ code, enhanced: written, text }, at).kind);
      }),
    );
  });

  it('suppresses nobody over what is about us, the sender or the size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 500, max: 599 }), enhanced, fc.string(), phase, (code, status, text, at) => {
        fc.pre(status !== null && !(status.subject === 1 && [1, 2, 3, 6, 10].includes(status.detail)));
        const answer = classifyReply({ code, enhanced: `5.${status?.subject}.${status?.detail}`, text }, at);
        expect(answer).not.toMatchObject({ hardBounce: true });
      }),
    );
  });

  it('begins its reason with what the server said', () => {
    expect(classify('550-5.1.1 no such\r\n550-5.1.1 user', 'rcpt')).toMatchObject({ reason: '550 5.1.1 no such user' });
  });
});

describe('a failure without a reply', () => {
  it('is in doubt exactly when the message was being written', () => {
    const lost = { code: 'ECONNECTION', command: 'CONN', message: 'Connection closed unexpectedly' };
    expect(classifyFailure(lost, false)).toMatchObject({ kind: 'retry', inDoubt: false });
    expect(classifyFailure(lost, true)).toMatchObject({ kind: 'retry', inDoubt: true });
    const mute = { code: 'ETIMEDOUT', command: 'CONN', message: 'Timeout' };
    expect(classifyFailure(mute, true)).toMatchObject({ kind: 'retry', inDoubt: true });
  });

  it('is about us when a certificate does not hold, or TLS is missing', () => {
    const bad = { code: 'ESOCKET', originalCode: 'DEPTH_ZERO_SELF_SIGNED_CERT', message: 'self-signed certificate' };
    expect(classifyFailure(bad, false).kind).toBe('ours');
    expect(classifyFailure({ code: 'ETLS', message: 'Error upgrading connection with STARTTLS' }, false).kind).toBe(
      'ours',
    );
  });

  it('is tried again when a handshake was cut off', () => {
    const cut = { code: 'ETLS', message: 'Connection closed unexpectedly' };
    expect(classifyFailure(cut, false)).toMatchObject({ kind: 'retry', inDoubt: false });
    const reset = { code: 'ESOCKET', originalCode: 'ECONNRESET', message: 'read ECONNRESET' };
    expect(classifyFailure(reset, false)).toMatchObject({ kind: 'retry', inDoubt: false });
  });
});
