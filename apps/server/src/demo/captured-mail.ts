import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type pg from 'pg';
import { decodeWords } from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { PlainLog } from '../lib/plain-log.ts';
import { MailStore } from './mail-store.ts';

const mostBytes = 10 * 1024 * 1024;

export interface CapturedMailServer {
  /** `smtp://127.0.0.1:port` */
  url: string;
  close(): Promise<void>;
}

/**
 * A real SMTP server on a free port of loopback that sends nothing on: it keeps the newest mail in the database for the
 * mailbox (mailbox-routes.ts). It says yes to a mail only once that is committed.
 */
export async function startCapturedMail(options: {
  pool: pg.Pool;
  log: PlainLog;
  keep?: number;
}): Promise<CapturedMailServer> {
  const store = new MailStore(options.pool, options.keep ?? 10_000);
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: mostBytes,
    closeTimeout: 1_000,
    // A worker keeps its connections while there is nothing to send.
    socketTimeout: 10 * 60_000,
    logger: false,
    onData: (stream, session, done) => {
      take(stream, session, store).then(
        () => done(null, '2.0.0 kept'),
        (error: unknown) => {
          options.log.warn(`A mail could not be kept: ${error instanceof Error ? error.message : error}`);
          done(Object.assign(new Error('4.3.0 it could not be kept'), { responseCode: 451 }));
        },
      );
    },
  });
  // A client that goes away is no concern of ours.
  server.on('error', () => {});
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

async function take(stream: SMTPServerDataStream, session: SMTPServerSession, store: MailStore): Promise<void> {
  const raw = await readAll(stream);
  const { mailFrom, rcptTo } = session.envelope;
  const { subject, receivedAt } = readHead(raw);
  const from = mailFrom ? mailFrom.address : '';
  await Promise.all(rcptTo.map(({ address }) => store.add({ to: address, from, subject, receivedAt, raw })));
}

/** stream/consumers does the same by way of a Blob, at a third of what taking a mail costs. */
function readAll(stream: SMTPServerDataStream): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => resolve(Buffer.concat(chunks)));
    stream.on('error', reject);
  });
}

/** Subject and date; nothing else is parsed, which would cost more than all the rest. */
function readHead(raw: Buffer): { subject: string; receivedAt: Date } {
  const end = raw.indexOf('\r\n\r\n');
  const head = raw.toString('utf8', 0, end === -1 ? raw.length : end).replace(/\r\n(?=[ \t])/g, '');
  const field = (name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(head)?.[1] ?? '';
  const date = new Date(field('date'));
  return {
    subject: decodeWords(field('subject')).replaceAll('\0', ''),
    receivedAt: Number.isNaN(date.getTime()) ? new Date() : date,
  };
}
