import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { normalizeIP } from '@fastify/rate-limit';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { readReport } from './report.ts';
import { type ReturnPaths, readReturnPath } from './return-path.ts';
import { type BounceDeps, recordReturned } from './service.ts';

/** A report holds our own mail at most, which is 20 KB, and some text. */
const mostBytes = 512 * 1024;
/** More wait their turn at their own end: what is under way is held in memory. */
const mostClients = 100;
/** The rest is for others. Not fewer: whatever passes port 25 or the whole domain on to us is one address, too. */
const mostOfAddress = 50;
/** A report takes seconds. Whoever only keeps a place, with a byte now and then, has to come again. */
const longestSessionMs = 5 * 60_000;

export interface BounceReceiver {
  port: number;
  close(): Promise<void>;
}

/**
 * An SMTP server for what comes back. It takes mail for return paths of ours alone, refuses everything else when it is
 * named, and sends nothing on. It says yes once a report is committed, and "later" when it cannot be: nothing is lost.
 */
export async function startBounceReceiver(
  deps: BounceDeps,
  options: { returnPaths: ReturnPaths; host: string; port: number; longestMs?: number },
): Promise<BounceReceiver> {
  const { returnPaths, host, port, longestMs = longestSessionMs } = options;
  const server = new SMTPServer({
    banner: 'Coupon Push takes bounces only',
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: mostBytes,
    maxClients: mostClients,
    socketTimeout: 60_000,
    closeTimeout: 1_000,
    logger: false,
    onConnect: ({ remoteAddress }, done) => {
      const address = normalizeIP(remoteAddress);
      const theirs = [...server.connections].filter((one) => normalizeIP(one.remoteAddress) === address);
      done(theirs.length > mostOfAddress ? reply(421, '4.7.0 too many connections of yours') : null);
    },
    onRcptTo: ({ address }, session, done) => {
      if (readReturnPath(returnPaths, address) === null) done(reply(550, '5.1.1 not an address that we sent from'));
      else if (session.envelope.rcptTo.length > 0) done(reply(452, '4.5.3 one at a time'));
      else done();
    },
    onData: (stream, session, done) => {
      take(deps, returnPaths, stream, session).then(
        (refused) => (refused === null ? done(null, '2.0.0 taken') : done(refused)),
        (error: unknown) => {
          deps.logger.warn({ err: error }, 'a bounce could not be recorded');
          done(reply(451, '4.3.0 try again later'));
        },
      );
    },
  });
  server.server.on('connection', (socket) => {
    const overdue = setTimeout(() => socket.destroy(), longestMs).unref();
    socket.once('close', () => clearTimeout(overdue));
  });
  // A client that goes away is no concern of ours.
  server.on('error', () => {});
  await once(server.listen(port, host), 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

async function take(
  deps: BounceDeps,
  returnPaths: ReturnPaths,
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
): Promise<Error | null> {
  const raw = await readUpTo(stream, mostBytes);
  if (raw === null) return reply(552, '5.3.4 too big for a report');
  const returned = readReturnPath(returnPaths, session.envelope.rcptTo[0]?.address ?? '');
  const report = await readReport(raw);
  if (returned !== null && report !== null) await recordReturned(deps, returned, report);
  return null;
}

/** Null when it is longer; the rest is read and forgotten, as the protocol wants it. */
function readUpTo(stream: SMTPServerDataStream, most: number): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= most) chunks.push(chunk);
      else chunks.length = 0;
    });
    stream.on('end', () => resolve(bytes > most ? null : Buffer.concat(chunks)));
    stream.on('error', reject);
  });
}

function reply(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}
