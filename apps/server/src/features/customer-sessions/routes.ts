import { doneResponse } from '@coupon-push/contract/common.ts';
import { customerSchema, enterQuery, sessionOpen } from '@coupon-push/contract/customer-sessions.ts';
import { languages } from '@coupon-push/i18n/languages.ts';
import { errorText, messageText } from '@coupon-push/i18n/translator.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { MyPageDeps } from '../../http/customer.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import { AppError } from '../../lib/app-error.ts';
import { preferredLanguage } from '../../lib/preferred-language.ts';
import { plainPageHeaders } from '../../messages/plain-page.ts';
import { readMarketplace } from '../marketplace/service.ts';
import { keepSession, shownSession } from './cookie.ts';
import { enterRefusedPage } from './pages.ts';
import { nextPage } from './rules.ts';
import { closeSession, enter, type OpenedSession } from './service.ts';
import type { ReadCustomerToken } from './token.ts';

interface Deps extends MyPageDeps {
  readToken: ReadCustomerToken;
}

/** How customers get in and out. */
export function registerCustomerSessionRoutes(app: HttpServer, deps: Deps): void {
  const { db, publicUrl, customer } = deps;
  const tags = ['my page'];

  app.post(
    '/api/my/session',
    { config: { opensSession: true }, schema: { tags, body: sessionOpen, response: responses(customerSchema) } },
    async (request, reply) => {
      const session = await open(deps, request.body.token);
      keepSession(reply, publicUrl, session.token);
      return session.customer;
    },
  );

  app.get('/api/my/session', { schema: { tags, response: responses(customerSchema) } }, (request, reply) =>
    customer(request, reply),
  );

  app.delete('/api/my/session', { schema: { tags, response: responses(doneResponse) } }, async (request, reply) => {
    const token = shownSession(request);
    if (token !== undefined) await closeSession(db, token);
    keepSession(reply, publicUrl);
    return { done: true as const };
  });

  app.get('/my/enter', { schema: { querystring: enterQuery, hide: true } }, async (request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    try {
      const session = await open(deps, request.query.token);
      keepSession(reply, publicUrl, session.token);
      return await reply.redirect(nextPage(request.query.next), 303);
    } catch (error) {
      if (error instanceof AppError) return await refuse(deps, request, reply, error);
      throw error;
    }
  });
}

async function open({ db, clock, readToken }: Deps, token: string): Promise<OpenedSession> {
  const now = clock.now();
  const read = await readToken(token, now);
  return await db.transaction().execute((trx) => enter(trx, read, now));
}

/** A person came from the marketplace and stands before a page: it says why, and leads back there. */
async function refuse(
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  error: AppError,
): Promise<FastifyReply> {
  const marketplace = await readMarketplace(deps.db);
  const language = preferredLanguage(request.headers['accept-language'], languages) ?? marketplace.language;
  // The sentence of the code is for the marketplace's systems, which know the customer's number.
  const unknown = error.code === 'customer_unknown';
  const reason = unknown ? messageText(language, 'enter.unknown') : errorText(language, `error.${error.code}`);
  const page = enterRefusedPage({ language, contactUrl: marketplace.contactUrl, reason });
  return await reply.code(error.status).headers(plainPageHeaders).send(page);
}
