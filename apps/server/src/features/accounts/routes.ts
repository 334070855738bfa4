import { doneResponse } from '@coupon-push/contract/common.ts';
import { meChange, meSchema, passwordChange, signedResponse, signInRequest } from '@coupon-push/contract/session.ts';
import { fromNodeHeaders } from 'better-auth/node';
import type { Actor, Authenticate } from '../../http/actor.ts';
import type { RouteDeps } from '../../http/deps.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import { AppError } from '../../lib/app-error.ts';
import type { Auth } from './auth.ts';
import { askLibrary, keepCookies } from './library.ts';
import { changeLanguage, readMe } from './service.ts';
import { registerTwoFactorRoutes } from './two-factor-routes.ts';

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

export function registerAccountRoutes(app: HttpServer, deps: RouteDeps, auth: Auth): void {
  const { db, authenticate } = deps;
  const tags = ['session'];

  app.get(
    '/api/me',
    { schema: { tags, response: responses(meSchema) } },
    async (request) => await readMe(db, await authenticate(request)),
  );

  app.patch('/api/me', { schema: { tags, body: meChange, response: responses(meSchema) } }, async (request) => {
    const actor = await authenticate(request);
    const { language } = request.body;
    await changeLanguage(db, actor, language);
    return await readMe(db, { ...actor, language });
  });

  app.post(
    '/api/auth/sign-in/email',
    { schema: { tags, body: signInRequest, response: responses(signedResponse) } },
    async (request, reply) => {
      const answer = await askLibrary(auth, request, request.body);
      keepCookies(reply, answer);
      const twoFactor = answer.body.twoFactorRedirect === true;
      return { signedIn: !twoFactor, twoFactor };
    },
  );

  app.post('/api/auth/sign-out', { schema: { tags, response: responses(signedResponse) } }, async (request, reply) => {
    keepCookies(reply, await askLibrary(auth, request));
    return { signedIn: false, twoFactor: false };
  });

  app.post(
    '/api/auth/change-password',
    { schema: { tags, body: passwordChange, response: responses(doneResponse) } },
    async (request, reply) => {
      await authenticate(request);
      const body = { ...request.body, revokeOtherSessions: true };
      keepCookies(reply, await askLibrary(auth, request, body, 'currentPassword'));
      return { done: true as const };
    },
  );

  registerTwoFactorRoutes(app, deps, auth);
}
