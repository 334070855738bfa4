import { meChange, meSchema, signedResponse, signInRequest } from '@coupon-push/contract/session.ts';
import { fromNodeHeaders } from 'better-auth/node';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor, Authenticate } from '../../http/actor.ts';
import type { RouteDeps } from '../../http/deps.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import { AppError } from '../../lib/app-error.ts';
import { type Auth, clientAddressHeader } from './auth.ts';
import { changeLanguage, readMe } from './service.ts';

/** Reads who makes a request from its session cookie. */
export function sessionActor(auth: Auth): Authenticate {
  return async (request) => {
    const session = await auth.api.getSession({ headers: fromNodeHeaders(request.headers) });
    if (session === null) throw new AppError('not_signed_in');
    const { id, name, email, role, language } = session.user;
    const actor: Actor = {
      userId: id,
      name,
      email,
      role: role === 'operator' ? 'operator' : 'seller',
      language: language === 'ko' || language === 'en' ? language : 'ja',
    };
    return actor;
  };
}

export function registerAccountRoutes(app: HttpServer, { db, authenticate }: RouteDeps, auth: Auth): void {
  app.get(
    '/api/me',
    { schema: { tags: ['session'], response: responses(meSchema) } },
    async (request) => await readMe(db, await authenticate(request)),
  );

  app.patch(
    '/api/me',
    { schema: { tags: ['session'], body: meChange, response: responses(meSchema) } },
    async (request) => {
      const actor = await authenticate(request);
      const { language } = request.body;
      await changeLanguage(db, actor, language);
      return await readMe(db, { ...actor, language });
    },
  );

  app.post(
    '/api/auth/sign-in/email',
    { schema: { tags: ['session'], body: signInRequest, response: responses(signedResponse) } },
    async (request, reply) => {
      await pass(auth, request, reply);
      return { signedIn: true };
    },
  );

  app.post(
    '/api/auth/sign-out',
    { schema: { tags: ['session'], response: responses(signedResponse) } },
    async (request, reply) => {
      await pass(auth, request, reply);
      return { signedIn: false };
    },
  );
}

/**
 * Lets the library answer, and takes over the cookies that it sets. Of its other routes none can be reached.
 * @throws AppError sign_in_refused, too_many_requests
 */
async function pass(auth: Auth, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const headers = fromNodeHeaders(request.headers);
  headers.set(clientAddressHeader, request.ip);
  headers.set('content-type', 'application/json');
  headers.delete('content-length');
  const url = new URL(request.url, `${request.protocol}://${request.host}`);
  const answer = await auth.handler(
    new Request(url, { method: 'POST', headers, body: JSON.stringify(request.body ?? {}) }),
  );
  if (answer.status === 429) throw new AppError('too_many_requests');
  if (answer.status >= 500) throw new AppError('internal');
  if (!answer.ok) throw new AppError('sign_in_refused');
  for (const cookie of answer.headers.getSetCookie()) reply.header('set-cookie', cookie);
}
