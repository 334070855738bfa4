import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import type { Answer } from '../answer.ts';
import { untried } from '../permits.ts';
import { classifyFailure, type SmtpFailure } from './classify.ts';
import { type Delivery, MailSession, type Outgoing } from './session.ts';
import type { SmtpServer } from './smtp-url.ts';

/** Shared by the lanes of a channel, and changed while they send. */
export interface LaneLimits {
  messagesPerConnection: number;
}

type Opened = { session: MailSession } | { refused: Answer };

/** One connection to the server, kept open and opened again when it is needed. */
export class Lane {
  readonly #server: SmtpServer;
  readonly #options: SMTPConnectionOptions;
  readonly #limits: LaneLimits;
  #session: MailSession | undefined;
  /** Being opened; whoever needs a connection meanwhile shares it. */
  #opening: Promise<Answer | undefined> | undefined;
  #connecting: SMTPConnection | undefined;
  /** The connection before this one is being closed. */
  #leaving: Promise<void> | undefined;
  #abandoned = false;
  /** Messages that the session was given, and those of them without an answer. */
  #given = 0;
  #unanswered = 0;

  constructor(server: SmtpServer, limits: LaneLimits, options: SMTPConnectionOptions) {
    this.#server = server;
    this.#options = options;
    this.#limits = limits;
  }

  /** Has it a connection, be it one that is being opened or closed? */
  get isThere(): boolean {
    return this.isOpen || this.#opening !== undefined || this.#leaving !== undefined;
  }

  get isOpen(): boolean {
    return this.#session?.isOpen === true;
  }

  /**
   * Sends one message; a second one may be handed over meanwhile. A kept connection may have been closed by the server
   * while it was idle; if that shows before the server saw the message, it is sent over a new one.
   */
  async send(message: Outgoing): Promise<{ answer: Answer; connectFailed: boolean }> {
    const kept = this.#take();
    if (kept !== undefined) {
      const { answer, unseen } = await this.#deliver(kept, message);
      if (!unseen) return { answer, connectFailed: false };
    }
    const opened = await this.#open();
    if ('refused' in opened) return { answer: opened.refused, connectFailed: opened.refused !== untried };
    const { answer } = await this.#deliver(opened.session, message);
    return { answer, connectFailed: false };
  }

  /** Says QUIT and forgets the connection. Resolves when it is closed. */
  async close(): Promise<void> {
    const session = this.#session;
    if (session?.isOpen) {
      this.#session = undefined;
      session.quit();
      const leaving = session.closed.then(() => {
        if (this.#leaving === leaving) this.#leaving = undefined;
      });
      this.#leaving = leaving;
    }
    await this.#leaving;
  }

  /** Without a word: the server was silent too long. Whoever waits for an answer hears that there is none. */
  abandon(): void {
    this.#abandoned = true;
    this.#connecting?.close();
    this.#session?.abandon();
  }

  /** For one message, which is counted here. Undefined when there is none, or the one there is was given its last message. */
  #take(): MailSession | undefined {
    if (!this.isOpen || this.#given >= this.#limits.messagesPerConnection) return undefined;
    this.#given += 1;
    this.#unanswered += 1;
    return this.#session;
  }

  async #deliver(session: MailSession, message: Outgoing): Promise<Delivery> {
    const delivery = await session.send(message);
    if (session === this.#session) {
      this.#unanswered -= 1;
      if (this.#unanswered === 0 && this.#given >= this.#limits.messagesPerConnection) session.quit();
    }
    return delivery;
  }

  /** Of those who waited for a connection together, it may be there for fewer. */
  async #open(): Promise<Opened> {
    for (;;) {
      const session = this.#take();
      if (session !== undefined) return { session };
      this.#opening ??= this.#connect().finally(() => {
        this.#opening = undefined;
      });
      const refused = await this.#opening;
      if (refused !== undefined) return { refused };
    }
  }

  /** Undefined when there is one; otherwise why not. */
  async #connect(): Promise<Answer | undefined> {
    // After its last message a connection is closed; waiting for that keeps to one at a time. One that has had more than
    // is allowed by now, and is at none, would stay open until the server tires of it.
    if (this.isOpen && this.#unanswered === 0) this.#session?.quit();
    if (this.isOpen) await this.#session?.closed;
    await this.#leaving;
    if (this.#abandoned) return untried;
    const connection = new SMTPConnection({ ...this.#server.options, ...this.#options });
    this.#connecting = connection;
    const { failure, greeting } = await connectAndSignIn(connection, this.#server.auth);
    this.#connecting = undefined;
    if (failure !== null) {
      connection.close();
      return this.#abandoned ? untried : classifyFailure(failure, false);
    }
    this.#session = new MailSession(connection, greeting);
    this.#given = 0;
    this.#unanswered = 0;
    return undefined;
  }
}

function connectAndSignIn(
  connection: SMTPConnection,
  auth: SmtpServer['auth'],
): Promise<{ failure: SmtpFailure | null; greeting: string }> {
  return new Promise((resolve) => {
    let greeting = '';
    const end = (failure: SmtpFailure | null) => resolve({ failure, greeting });
    connection.on('error', end);
    connection.on('end', () => end({ message: 'the connection was closed', code: 'ECONNECTION' }));
    connection.connect((failure) => {
      if (failure) return end(failure);
      greeting = connection.lastServerResponse || '';
      if (auth === null) return end(null);
      // A copy: login() writes into it.
      connection.login({ ...auth }, (refused) => end(refused ?? null));
    });
  });
}
