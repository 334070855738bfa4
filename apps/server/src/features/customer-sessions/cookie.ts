import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Db } from '../../db/database.ts';
import { readCookie, sessionCookie } from '../../http/cookies.ts';
import type { AuthenticateCustomer } from '../../http/customer.ts';
import { AppError } from '../../lib/app-error.ts';
import type { Clock } from '../../lib/clock.ts';
import type { KnownSessions } from './known-sessions.ts';
import { sessionMs } from './rules.ts';
import { useSession } from './service.ts';

const name = 'coupon-push.customer';

/** The session's secret that a request shows. */
export function shownSession(request: FastifyRequest): string | undefined {
  return readCookie(request.headers.cookie, name);
}

/** Gives the browser the session to keep; without a token, takes it away. */
export function keepSession(reply: FastifyReply, publicUrl: string, token?: string): void {
  const secure = publicUrl.startsWith('https:');
  const maxAgeSeconds = token === undefined ? 0 : sessionMs / 1000;
  reply.header('set-cookie', sessionCookie(name, token ?? '', { maxAgeSeconds, secure }));
}

/** Reads from the session cookie which customer makes a request. */
export function sessionCustomer(deps: {
  db: Db;
  clock: Clock;
  publicUrl: string;
  known: KnownSessions;
}): AuthenticateCustomer {
  return async (request, reply) => {
    const token = shownSession(request);
    const session = token === undefined ? undefined : await useSession(deps.db, token, deps.clock.now());
    if (token !== undefined && session === undefined) deps.known.forget(token);
    if (token === undefined || session === undefined) throw new AppError('not_signed_in');
    deps.known.learn(token);
    // What a customer sees is kept by nobody on the way.
    reply.header('cache-control', 'private, no-store');
    if (session.prolonged) keepSession(reply, deps.publicUrl, token);
    return session.customer;
  };
}
