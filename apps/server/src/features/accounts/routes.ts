import { meChange, meSchema } from '@coupon-push/contract/session.ts';
import { fromNodeHeaders } from 'better-auth/node';
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

  // Sign-in, sign-out and sessions are the library's own routes.
  app.route({
    method: ['GET', 'POST'],
    url: '/api/auth/*',
    schema: { hide: true },
    handler: async (request, reply) => {
      const headers = fromNodeHeaders(request.headers);
      headers.set(clientAddressHeader, request.ip);
      const answer = await auth.handler(
        new Request(new URL(request.url, `${request.protocol}://${request.host}`), {
          method: request.method,
          headers,
          ...(request.method === 'POST' ? { body: JSON.stringify(request.body ?? {}) } : {}),
        }),
      );
      reply.code(answer.status);
      for (const [name, value] of answer.headers) if (name !== 'set-cookie') reply.header(name, value);
      for (const cookie of answer.headers.getSetCookie()) reply.header('set-cookie', cookie);
      return await reply.send(Buffer.from(await answer.arrayBuffer()));
    },
  });
}
