import { languages } from '@coupon-push/i18n/languages.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Db } from '../../db/database.ts';
import type { HttpServer } from '../../http/server.ts';
import { maskIdentity } from '../../lib/masking.ts';
import { preferredLanguage } from '../../lib/preferred-language.ts';
import { readMarketplace } from '../marketplace/service.ts';
import { selectMailConsent } from './db.ts';
import { confirmPage, invalidPage, type RefusalView, refusedPage } from './pages.ts';
import { readToken } from './rules.ts';
import { type RefusalWay, refuseCouponMail } from './service.ts';

export interface ConsentDeps {
  db: Db;
  clock: { now(): Date };
  unsubscribeSecret: string;
}

/** A mail program sends one field, our page another; nobody has to send more. */
const longestBody = 10_000;
const tokenParams = z.object({ token: z.string() });

/**
 * The refusal link of every e-mail. GET only asks, as programs open links that nobody clicked; POST does it, without
 * cookies, sign-in or redirect (RFC 8058).
 */
export function registerConsentRoutes(app: HttpServer, deps: ConsentDeps): void {
  void app.register(async (scope) => {
    // RFC 8058 wants multipart/form-data or urlencoded; whatever comes, the token in the address decides.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: longestBody }, (_request, body, done) =>
      done(null, body),
    );
    const options = { schema: { params: tokenParams, hide: true } };
    scope.get('/u/:token', options, (request, reply) =>
      ask(deps, request, reply, tokenParams.parse(request.params).token),
    );
    scope.post('/u/:token', { ...options, config: { anyOrigin: true } }, (request, reply) =>
      refuse(deps, request, reply, tokenParams.parse(request.params).token),
    );
  });
}

async function ask(
  deps: ConsentDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
): Promise<FastifyReply> {
  const found = await findRecipient(deps, token);
  if (found === null) return await answerInvalid(deps, request, reply);
  const { view, refuses } = found;
  return answer(reply, 200, refuses ? refusedPage(view, true) : confirmPage(view));
}

async function refuse(
  deps: ConsentDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
): Promise<FastifyReply> {
  const found = await findRecipient(deps, token);
  if (found === null) return await answerInvalid(deps, request, reply);
  const how: RefusalWay = String(request.body ?? '').includes('One-Click') ? 'one_click' : 'page';
  const source = `push ${found.pushId}`;
  const outcome = await refuseCouponMail(deps.db, { customerId: found.customerId, how, source, at: deps.clock.now() });
  return answer(reply, 200, refusedPage(found.view, outcome === 'already'));
}

async function findRecipient({ db, unsubscribeSecret }: ConsentDeps, token: string) {
  const contents = readToken(unsubscribeSecret, token);
  if (contents === null) return null;
  const customer = await selectMailConsent(db, contents.customerId);
  if (customer === undefined) return null;
  const { name, contactUrl } = await readMarketplace(db);
  const address = customer.email === null ? null : maskAddress(customer.email);
  const view: RefusalView = { language: customer.language, marketplace: { name, contactUrl }, address };
  return { ...contents, view, refuses: customer.refuses };
}

/** With its domain: who has several addresses can tell them apart, and a finder of the mail learns nothing new. */
function maskAddress(email: string): string {
  return maskIdentity(email) + email.slice(email.lastIndexOf('@'));
}

async function answerInvalid({ db }: ConsentDeps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { name, contactUrl, language: own } = await readMarketplace(db);
  const language = preferredLanguage(request.headers['accept-language'], languages) ?? own;
  return answer(reply, 404, invalidPage({ language, marketplace: { name, contactUrl } }));
}

function answer(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply
    .code(status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
      // The address of this page is a key: it goes nowhere.
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
    })
    .send(html);
}
