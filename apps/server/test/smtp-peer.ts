import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import { SMTPServer } from 'smtp-server';

export interface ReceivedEmail {
  from: string;
  to: string;
  raw: Buffer;
  /** False: the peer took it and went away without saying so. */
  answered: boolean;
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
  /** What happens to recipients nothing was said about. */
  otherwise: PeerBehaviour = 'accept';
  readonly #rules = new Map<string, Rule>();
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
        done();
      },
      onAuth: ({ username = '', password }, _session, done) => {
        if (this.#options.users?.[username] === password) done(null, { user: username });
        else done(reply(535, '5.7.8 wrong user or password'));
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
    const answered = behaviour === 'accept';
    this.received.push({ from, to, raw, answered });
    if (answered) return done(null, '2.0.0 taken');
    if (behaviour !== 'mute') this.#drop(session);
  }

  #drop(session: SMTPServerSession): void {
    const connection = [...this.#server.connections].find((open) => idOf(open) === session.id);
    socketOf(connection)?.destroy();
  }
}

function reply(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

/** smtp-server does not publish its connections' sockets, and ending one is what these tests are about. */
function socketOf(connection: unknown): { destroy(): void } | undefined {
  return (connection as { _socket?: { destroy(): void } } | undefined)?._socket;
}

function idOf(connection: unknown): string {
  return (connection as { id: string }).id;
}
