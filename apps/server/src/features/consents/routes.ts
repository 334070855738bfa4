import { languages } from '@coupon-push/i18n/languages.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Db } from '../../db/database.ts';
import type { HttpServer } from '../../http/server.ts';
import { maskAddress } from '../../lib/masking.ts';
import { preferredLanguage } from '../../lib/preferred-language.ts';
import { sampleToken } from '../../messages/placeholders.ts';
import { plainPageHeaders } from '../../messages/plain-page.ts';
import { readMarketplace } from '../marketplace/service.ts';
import { selectMailConsent } from './db.ts';
import {
  choicesPage,
  confirmPage,
  invalidPage,
  type ReaderView,
  type RefusalView,
  refusedPage,
  testPage,
} from './pages.ts';
import { readToken } from './rules.ts';
import { chooseByLink, type RefusalWay, readStanding, refuseCouponMail } from './service.ts';

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
    scope.get('/u/:token/choices', options, (request, reply) =>
      showChoices(deps, request, reply, { token: tokenParams.parse(request.params).token, saved: false }),
    );
    // A page that keeps its address to itself also sends no origin.
    scope.post('/u/:token/choices', { ...options, config: { anyOrigin: true } }, (request, reply) =>
      saveChoices(deps, request, reply, tokenParams.parse(request.params).token),
    );
  });
}

async function ask(
  deps: ConsentDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
): Promise<FastifyReply> {
  if (token === sampleToken) return answer(reply, 200, testPage(await readerOf(deps, request)));
  const found = await findRecipient(deps, token);
  if (found === null) return answer(reply, 404, invalidPage(await readerOf(deps, request)));
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
  if (found === null) return answer(reply, 404, invalidPage(await readerOf(deps, request)));
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
  const marketplace = { name, contactUrl };
  const view: RefusalView = { language: customer.language, marketplace, address, choicesUrl: `/u/${token}/choices` };
  return { ...contents, view, refuses: customer.refuses };
}

/** The page that every e-mail leads to for all choices, and not only its own refusal. GET changes nothing. */
async function showChoices(
  deps: ConsentDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  { token, saved }: { token: string; saved: boolean },
): Promise<FastifyReply> {
  if (token === sampleToken) return answer(reply, 200, testPage(await readerOf(deps, request)));
  const contents = readToken(deps.unsubscribeSecret, token);
  const standing = contents === null ? undefined : await readStanding(deps.db, contents);
  if (standing === undefined) return answer(reply, 404, invalidPage(await readerOf(deps, request)));
  const { name, contactUrl, policy } = await readMarketplace(deps.db);
  const marketplace = { name, contactUrl };
  return answer(reply, 200, choicesPage({ ...standing, marketplace, night: policy.quietHours !== null, saved }));
}

async function saveChoices(
  deps: ConsentDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
): Promise<FastifyReply> {
  const contents = readToken(deps.unsubscribeSecret, token);
  if (contents !== null) {
    const form = new URLSearchParams(String(request.body ?? ''));
    const { policy } = await readMarketplace(deps.db);
    const night = policy.quietHours === null ? {} : { nightMessages: form.has('nightMessages') };
    const choices = { couponMail: form.has('couponMail'), appPush: form.has('appPush'), ...night };
    const shop = form.has('shopShown') ? { listens: form.has('shop') } : {};
    await chooseByLink(deps.db, contents, { choices, ...shop, at: deps.clock.now() });
  }
  return await showChoices(deps, request, reply, { token, saved: contents !== null });
}

/** For a page that is about no customer of ours: in the browser's language. */
async function readerOf({ db }: ConsentDeps, request: FastifyRequest): Promise<ReaderView> {
  const { name, contactUrl, language: own } = await readMarketplace(db);
  const language = preferredLanguage(request.headers['accept-language'], languages) ?? own;
  return { language, marketplace: { name, contactUrl } };
}

function answer(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply.code(status).headers(plainPageHeaders).send(html);
}
