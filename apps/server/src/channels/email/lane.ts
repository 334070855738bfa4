import { Readable } from 'node:stream';
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import type { Answer } from '../answer.ts';
import { classifyFailure, type SmtpFailure } from './classify.ts';
import type { SmtpServer } from './smtp-url.ts';

export interface Outgoing {
  from: string;
  to: string;
  raw: Buffer;
}

type Opened = { connection: SMTPConnection } | { refused: Answer };

/** What one delivery over an open connection came to. `lost`: the connection is no good any more. */
interface Delivery {
  answer: Answer;
  lost: boolean;
}

/** One connection to the server, kept open and opened again when it is needed; one message at a time. */
export class Lane {
  readonly #server: SmtpServer;
  readonly #options: SMTPConnectionOptions;
  readonly #messagesPerConnection: number;
  #connection: SMTPConnection | undefined;
  #delivered = 0;

  constructor(server: SmtpServer, limits: { options: SMTPConnectionOptions; messagesPerConnection: number }) {
    this.#server = server;
    this.#options = limits.options;
    this.#messagesPerConnection = limits.messagesPerConnection;
  }

  get isOpen(): boolean {
    return this.#connection !== undefined;
  }

  /**
   * Sends one message. A kept connection may have been closed by the server while it was idle; if that shows before the
   * server saw the message, it is sent over a new one.
   */
  async send(message: Outgoing): Promise<{ answer: Answer; connectFailed: boolean }> {
    const kept = this.#connection;
    if (kept !== undefined) {
      const { answer, lost } = await this.#deliver(kept, message);
      const unseen = lost && answer.kind === 'retry' && !answer.inDoubt;
      if (!unseen) return { answer, connectFailed: false };
    }
    const opened = await this.#open();
    if ('refused' in opened) return { answer: opened.refused, connectFailed: true };
    const { answer } = await this.#deliver(opened.connection, message);
    return { answer, connectFailed: false };
  }

  /** Says QUIT and forgets the connection. */
  close(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection === undefined) return;
    connection.quit();
    // A server that does not answer is not waited for.
    const impatient = setTimeout(() => connection.close(), 2_000);
    connection.once('end', () => clearTimeout(impatient));
  }

  async #open(): Promise<Opened> {
    const connection = new SMTPConnection({ ...this.#server.options, ...this.#options });
    const failure = await connectAndSignIn(connection, this.#server.auth);
    if (failure !== null) {
      connection.close();
      return { refused: classifyFailure(failure, false) };
    }
    connection.on('end', () => {
      if (this.#connection === connection) this.#connection = undefined;
    });
    this.#connection = connection;
    this.#delivered = 0;
    return { connection };
  }

  async #deliver(connection: SMTPConnection, message: Outgoing): Promise<Delivery> {
    const { failure, started } = await deliver(connection, message);
    if (failure === null) {
      this.#delivered += 1;
      if (this.#delivered >= this.#messagesPerConnection) this.close();
      return { answer: { kind: 'sent' }, lost: false };
    }
    const answer = classifyFailure(failure, started);
    // After a refusal the session is where the refusal left it; RSET brings it back (RFC 5321 4.1.1.5).
    const lost = failure.response === undefined || !(await reset(connection));
    if (lost) this.#drop(connection);
    return { answer, lost: lost && failure.response === undefined };
  }

  #drop(connection: SMTPConnection): void {
    if (this.#connection === connection) this.#connection = undefined;
    connection.close();
  }
}

function connectAndSignIn(connection: SMTPConnection, auth: SmtpServer['auth']): Promise<SmtpFailure | null> {
  return new Promise((resolve) => {
    connection.on('error', resolve);
    connection.on('end', () => resolve({ message: 'the connection was closed', code: 'ECONNECTION' }));
    connection.connect((failure) => {
      if (failure) return resolve(failure);
      if (auth === null) return resolve(null);
      // A copy: login() writes into it.
      connection.login({ ...auth }, (refused) => resolve(refused ?? null));
    });
  });
}

function deliver(
  connection: SMTPConnection,
  { from, to, raw }: Outgoing,
): Promise<{ failure: SmtpFailure | null; started: boolean }> {
  return new Promise((resolve) => {
    let started = false;
    // Read only once the server has asked for the message: from then on it may have been taken (spec 6, in doubt).
    const message = new Readable({
      read() {
        started = true;
        this.push(raw);
        this.push(null);
      },
    });
    const end = (failure: SmtpFailure | null) => {
      connection.removeListener('end', closed);
      resolve({ failure, started });
    };
    // Whatever closes the connection, there is an answer; the one that send() itself gives comes first.
    const closed = () => setImmediate(end, { message: 'the connection was closed', code: 'ECONNECTION' });
    connection.once('end', closed);
    connection.send({ from, to, size: raw.length }, message, end);
  });
}

function reset(connection: SMTPConnection): Promise<boolean> {
  return new Promise((resolve) => {
    if (connection.destroyed) return resolve(false);
    const lost = () => resolve(false);
    connection.once('end', lost);
    connection.reset((failure) => {
      connection.removeListener('end', lost);
      resolve(failure === null);
    });
  });
}
