import type { Socket } from 'node:net';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Answer } from '../answer.ts';
import {
  classifyFailure,
  classifyReply,
  type Phase,
  parseReply,
  type SmtpFailure,
  type SmtpReply,
} from './classify.ts';
import { ReplyReader } from './reply-reader.ts';

export interface Outgoing {
  from: string;
  to: string;
  /** CRLF line ends, not dot-stuffed. */
  raw: Buffer;
}

/** What one delivery came to. `unseen`: the connection was lost before the server had any of the message. */
export interface Delivery {
  answer: Answer;
  unseen: boolean;
}

interface Transaction {
  message: Outgoing;
  /** The first refusal; those after it (503, 554) only follow from it. */
  refused: Answer | undefined;
  /** The server had asked for the message (354), and its bytes were written: from then on it may have been taken. */
  started: boolean;
  end: (delivery: Delivery) => void;
}

const endOfMessage = Buffer.from('\r\n.\r\n');
const endAfterLine = Buffer.from('.\r\n');

/**
 * The mail transactions of one SMTP connection. nodemailer connects, greets, secures and signs in; from then on the
 * socket is ours, because its sending passes every byte through a stream that looks for dots: a third of a worker's
 * time (docs/performance.md). With PIPELINING (RFC 2920) MAIL, RCPT and DATA leave in one write, and the next message's
 * right after the text of the one before: one round trip a message. Every message has an envelope of its own.
 */
export class MailSession {
  /** Ends when the connection has. */
  readonly closed: Promise<void>;
  readonly #connection: SMTPConnection;
  readonly #socket: Socket;
  readonly #pipelining: boolean;
  readonly #maxSize: number;
  /** One for each reply that the server owes, in order. */
  readonly #expected: ((reply: SmtpReply) => void)[] = [];
  /** Not begun yet. */
  readonly #queue: Transaction[] = [];
  /** Begun and without an answer, in order. */
  readonly #underWay: Transaction[] = [];
  /** Its envelope is not through yet; until then nothing else is written. */
  #envelopeOpen = false;
  /** RFC 5321 4.1.1.5: after a refused recipient the session is inside a transaction that leads nowhere. */
  #needsReset = false;
  #quits = false;
  #lost = false;

  /** @param greeting the server's answer to EHLO, which says what it can do */
  constructor(connection: SMTPConnection, greeting: string) {
    if (!connection._socket) throw new Error('an SMTP connection without a socket');
    this.#connection = connection;
    this.#socket = connection._socket;
    this.#pipelining = /^250[ -]PIPELINING\b/im.test(greeting);
    this.#maxSize = Number(/^250[ -]SIZE (\d+)/im.exec(greeting)?.[1] ?? 0);
    let failure: SmtpFailure = { message: 'the connection was closed', code: 'ECONNECTION' };
    connection.on('error', (error: SmtpFailure) => (failure = error));
    this.closed = new Promise((resolve) => {
      connection.once('end', () => {
        this.#lose(failure);
        resolve();
      });
    });
    const reader = new ReplyReader((text) => this.#onReply(text));
    this.#socket.removeAllListeners('data');
    this.#socket.on('data', (chunk: Buffer) => reader.read(chunk));
  }

  get isOpen(): boolean {
    return !this.#lost;
  }

  /** Sends one message; several may be handed over, they go in order. Never throws. */
  send(message: Outgoing): Promise<Delivery> {
    return new Promise((resolve) => {
      const size = message.raw.length;
      if (this.#maxSize > 0 && size > this.#maxSize) {
        const reason = `5.3.4 ${size} bytes, the server takes ${this.#maxSize}`;
        resolve({ answer: { kind: 'failed', reason }, unseen: false });
      } else if (this.#lost) {
        resolve(lostBefore('the connection was closed'));
      } else {
        this.#queue.push({ message, refused: undefined, started: false, end: resolve });
        this.#goOn();
      }
    });
  }

  /** Says QUIT when nothing is under way any more; a server that does not answer it is not waited for. */
  quit(): void {
    if (this.#lost || this.#quits) return;
    this.#quits = true;
    this.#expected.push(() => this.#connection.close());
    this.#socket.write('QUIT\r\n');
    const impatient = setTimeout(() => this.#connection.close(), 2_000);
    void this.closed.then(() => clearTimeout(impatient));
  }

  /** Closes the connection at once: who has no answer yet may have been taken, if it was on its way. */
  abandon(): void {
    this.#lose({ message: 'no answer before the end', code: 'ECONNECTION' });
    this.#connection.close();
  }

  #goOn(): void {
    if (this.#lost || this.#envelopeOpen || (!this.#pipelining && this.#underWay.length > 0)) return;
    const next = this.#queue.shift();
    if (next === undefined) return;
    this.#underWay.push(next);
    this.#envelopeOpen = true;
    const { from, to, raw } = next.message;
    const size = this.#maxSize > 0 ? ` SIZE=${raw.length}` : '';
    const commands = [
      { line: `MAIL FROM:<${from}>${size}\r\n`, onReply: this.#judge(next, 'mail') },
      { line: `RCPT TO:<${to}>\r\n`, onReply: this.#judge(next, 'rcpt') },
      { line: 'DATA\r\n', onReply: (reply: SmtpReply) => this.#onDataReply(next, reply) },
    ];
    if (this.#needsReset) commands.unshift({ line: 'RSET\r\n', onReply: () => {} });
    this.#needsReset = false;
    if (this.#pipelining) {
      for (const { onReply } of commands) this.#expected.push(onReply);
      this.#socket.write(commands.map(({ line }) => line).join(''));
    } else {
      this.#oneByOne(next, commands);
    }
  }

  /** Without PIPELINING each command waits for the reply to the one before, and a refusal ends the envelope. */
  #oneByOne(transaction: Transaction, commands: { line: string; onReply: (reply: SmtpReply) => void }[]): void {
    const [command, ...rest] = commands;
    if (command === undefined) return;
    this.#expected.push((reply) => {
      command.onReply(reply);
      if (this.#lost || rest.length === 0) return;
      if (transaction.refused === undefined) {
        this.#oneByOne(transaction, rest);
      } else {
        this.#envelopeOpen = false;
        this.#end(transaction, transaction.refused);
      }
    });
    this.#socket.write(command.line);
  }

  #judge(transaction: Transaction, phase: Phase): (reply: SmtpReply) => void {
    return (reply) => {
      if (reply.code >= 200 && reply.code < 300) return;
      transaction.refused ??= classifyReply(reply, phase);
      this.#needsReset = true;
    };
  }

  #onDataReply(transaction: Transaction, reply: SmtpReply): void {
    this.#envelopeOpen = false;
    const { refused } = transaction;
    if (reply.code !== 354) {
      this.#needsReset = true;
      this.#end(transaction, refused ?? classifyReply(reply, 'data'));
    } else if (refused !== undefined) {
      // It asks for a message that has no recipient: an empty one, whose refusal says nothing new (RFC 2920 3.1).
      this.#expected.push(() => {});
      this.#socket.write(endAfterLine);
      this.#end(transaction, refused);
    } else {
      this.#writeText(transaction);
    }
  }

  #writeText(transaction: Transaction): void {
    transaction.started = true;
    this.#expected.push((answer) => this.#end(transaction, classifyReply(answer, 'message')));
    this.#socket.cork();
    for (const part of stuffed(transaction.message.raw)) this.#socket.write(part);
    this.#goOn();
    this.#socket.uncork();
  }

  #end(transaction: Transaction, answer: Answer): void {
    const place = this.#underWay.indexOf(transaction);
    if (place >= 0) this.#underWay.splice(place, 1);
    transaction.end({ answer, unseen: false });
    this.#goOn();
  }

  #onReply(text: string): void {
    const reply = parseReply(text);
    const expected = this.#expected.shift();
    if (reply !== null && expected !== undefined) {
      expected(reply);
      if (reply.code !== 421) return;
    }
    // 421 may come unasked (RFC 5321 3.8); after anything else unasked we no longer know what is answered.
    this.#lose({ message: text.slice(0, 300), code: 'ECONNECTION' });
    this.#connection.close();
  }

  /** Whoever had not begun can go over another connection; whoever's text was written may have been taken. */
  #lose(failure: SmtpFailure): void {
    if (this.#lost) return;
    this.#lost = true;
    const { message } = failure;
    for (const { end, refused, started } of this.#underWay.splice(0)) {
      // Closing down (421) in answer to an envelope is about the connection: the message was not judged.
      if (refused !== undefined) end({ answer: refused, unseen: isClosing(refused) });
      else end(started ? { answer: classifyFailure(failure, true), unseen: false } : lostBefore(message));
    }
    for (const { end } of this.#queue.splice(0)) end(lostBefore(message));
  }
}

function isClosing(answer: Answer): boolean {
  return answer.kind === 'retry' && answer.reason.startsWith('421');
}

function lostBefore(reason: string): Delivery {
  return { answer: { kind: 'retry', reason: reason.slice(0, 300), inDoubt: false }, unseen: true };
}

/** The text with its end, dots at the beginning of lines doubled (RFC 5321 4.5.2), copying nothing. */
function stuffed(raw: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  if (raw[0] === 0x2e) parts.push(dot);
  let from = 0;
  for (let at = raw.indexOf('\n.'); at >= 0; at = raw.indexOf('\n.', at + 2)) {
    parts.push(raw.subarray(from, at + 1), dot);
    from = at + 1;
  }
  parts.push(raw.subarray(from), raw.at(-1) === 0x0a ? endAfterLine : endOfMessage);
  return parts;
}

const dot = Buffer.from('.');
