import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import { SMTPServer } from 'smtp-server';

export interface ReceivedEmail {
  from: string;
  to: string;
  raw: Buffer;
  /** False: the peer took it and went away without saying so. */
  answered: boolean;
  /** When it was taken, ms of performance.now(). */
  at: number;
}

/** How the server as a whole misbehaves; may be changed at any time. */
export interface PeerManners {
  /** One message at a time is answered, and each takes so long. */
  slowMs?: number;
  /** 421 to whatever comes after so many messages over one connection. */
  messagesPerConnection?: number;
  /** Everybody's first attempt is refused like that. */
  greylist?: { code: number; text: string };
}

/**
 * What the peer does about a recipient. The two drops close the connection: when it is named, or when its message is
 * complete; `mute` never answers a complete message.
 */
export type PeerBehaviour =
  | 'accept'
  | 'drop_at_rcpt'
  | 'drop_after_message'
  | 'mute'
  | { at: 'mail' | 'rcpt' | 'message'; code: number; text: string };

export interface SmtpPeerOptions {
  /** Who may sign in; nobody has to when it is left out. */
  users?: Record<string, string>;
  /** Offers STARTTLS, with a certificate that nobody signed. */
  tls?: boolean;
  /** False: each command has to wait for the reply to the one before. */
  pipelining?: boolean;
  /** 127.0.0.1 on this port; default any free one. */
  port?: number;
}

interface Rule {
  behaviour: PeerBehaviour;
  /** How often it still applies. */
  times: number;
}

/** A real SMTP server on loopback that keeps what it gets and misbehaves on demand. */
export class SmtpPeer {
  /** In the order they came. */
  readonly received: ReceivedEmail[] = [];
  /** How many connections were ever opened. */
  connections = 0;
  /** How many are open, and how many ever were at once. */
  open = 0;
  mostOpen = 0;
  /** What happens to recipients nothing was said about. */
  otherwise: PeerBehaviour = 'accept';
  manners: PeerManners = {};
  readonly #rules = new Map<string, Rule>();
  /** Whom it has heard of before. */
  readonly #known = new Set<string>();
  readonly #taken = new Map<string, number>();
  #slowTurn: Promise<unknown> = Promise.resolve();
  readonly #server: SMTPServer;
  readonly #options: SmtpPeerOptions;

  private constructor(options: SmtpPeerOptions) {
    this.#options = options;
    this.#server = new SMTPServer({
      authOptional: options.users === undefined,
      allowInsecureAuth: true,
      disabledCommands: [...(options.tls ? [] : ['STARTTLS']), ...(options.users ? [] : ['AUTH'])],
      hidePIPELINING: options.pipelining === false,
      disableReverseLookup: true,
      closeTimeout: 100,
      logger: false,
      onConnect: (_session, done) => {
        this.connections += 1;
        this.open += 1;
        this.mostOpen = Math.max(this.mostOpen, this.open);
        done();
      },
      onClose: () => {
        this.open -= 1;
      },
      onAuth: ({ username = '', password }, _session, done) => {
        if (this.#options.users?.[username] === password) done(null, { user: username });
        else done(reply(535, '5.7.8 wrong user or password'));
      },
      onMailFrom: (_address, session, done) => {
        const { messagesPerConnection = Number.POSITIVE_INFINITY } = this.manners;
        if ((this.#taken.get(session.id) ?? 0) < messagesPerConnection) return done();
        done(reply(421, '4.7.0 enough of this connection'));
        setImmediate(() => socketOf(this.#connectionOf(session))?.end());
      },
      onRcptTo: ({ address }, session, done) => this.#onRcpt(address, session, done),
      onData: (stream, session, done) => void this.#onMessage(stream, session, done),
    });
    this.#server.on('error', () => {});
  }

  static async start(options: SmtpPeerOptions = {}): Promise<SmtpPeer> {
    const peer = new SmtpPeer(options);
    await once(peer.#server.listen(options.port ?? 0, '127.0.0.1'), 'listening');
    return peer;
  }

  get port(): number {
    return (this.#server.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** From now on, or for the next so many times, this is what happens to mail for a recipient. */
  behave(recipient: string, behaviour: PeerBehaviour, times = Number.POSITIVE_INFINITY): void {
    this.#rules.set(recipient, { behaviour, times });
  }

  receivedBy(recipient: string): ReceivedEmail[] {
    return this.received.filter(({ to }) => to === recipient);
  }

  /** Closes every connection, as a server does that is restarted. */
  dropConnections(): void {
    for (const connection of this.#server.connections) socketOf(connection)?.destroy();
  }

  async stop(): Promise<void> {
    this.dropConnections();
    await new Promise<void>((resolve) => this.#server.close(resolve));
  }

  #behaviourFor(recipient: string): PeerBehaviour {
    return this.#rules.get(recipient)?.behaviour ?? this.otherwise;
  }

  #use(recipient: string): void {
    const rule = this.#rules.get(recipient);
    if (rule !== undefined && --rule.times <= 0) this.#rules.delete(recipient);
  }

  #onRcpt(address: string, session: SMTPServerSession, done: (error?: Error | null) => void): void {
    const { greylist } = this.manners;
    if (greylist !== undefined && !this.#known.has(address)) {
      this.#known.add(address);
      done(reply(greylist.code, greylist.text));
      return;
    }
    const behaviour = this.#behaviourFor(address);
    if (behaviour === 'drop_at_rcpt') {
      this.#use(address);
      this.#drop(session);
      return;
    }
    if (typeof behaviour === 'object' && behaviour.at !== 'message') {
      this.#use(address);
      done(reply(behaviour.code, behaviour.text));
      return;
    }
    done();
  }

  async #onMessage(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    done: (error?: Error | null, message?: string) => void,
  ): Promise<void> {
    const raw = await buffer(stream).catch(() => undefined);
    if (raw === undefined) return; // the sender went away in the middle: this was no message
    const to = session.envelope.rcptTo[0]?.address ?? '';
    const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : '';
    const behaviour = this.#behaviourFor(to);
    this.#use(to);
    if (typeof behaviour === 'object') return done(reply(behaviour.code, behaviour.text));
    if (this.manners.slowMs !== undefined) {
      this.#slowTurn = this.#slowTurn.then(() => wait(this.manners.slowMs ?? 0));
      await this.#slowTurn;
    }
    this.#taken.set(session.id, (this.#taken.get(session.id) ?? 0) + 1);
    const answered = behaviour === 'accept';
    this.received.push({ from, to, raw, answered, at: performance.now() });
    if (answered) return done(null, '2.0.0 taken');
    if (behaviour !== 'mute') this.#drop(session);
  }

  #drop(session: SMTPServerSession): void {
    socketOf(this.#connectionOf(session))?.destroy();
  }

  #connectionOf(session: SMTPServerSession): unknown {
    return [...this.#server.connections].find((open) => idOf(open) === session.id);
  }
}

function reply(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

/** smtp-server does not publish its connections' sockets, and ending one is what these tests are about. */
function socketOf(connection: unknown): { destroy(): void; end(): void } | undefined {
  return (connection as { _socket?: { destroy(): void; end(): void } } | undefined)?._socket;
}

function idOf(connection: unknown): string {
  return (connection as { id: string }).id;
}
