import { doneResponse, pageQuery } from '@coupon-push/contract/common.ts';
import { consentPage, preferencesChange, preferencesSchema } from '@coupon-push/contract/my-page.ts';
import { type Language, languages } from '@coupon-push/i18n/languages.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { MyPageDeps } from '../../http/customer.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import { maskAddress } from '../../lib/masking.ts';
import { preferredLanguage } from '../../lib/preferred-language.ts';
import { plainPageHeaders } from '../../messages/plain-page.ts';
import { listConsents } from '../consents/service.ts';
import { readMarketplace } from '../marketplace/service.ts';
import { askToVerifyPage, verificationPage } from './pages.ts';
import { changePreferences, readLink, readPreferences, requestVerification, verifyAddress } from './service.ts';

const verifyParams = z.object({ token: z.string() });
/** Our page sends nothing; nobody has to send more. */
const longestForm = 10_000;

/** `linkSecret`: what the links in e-mails are made with. */
export function registerPreferenceRoutes(app: HttpServer, deps: MyPageDeps & { linkSecret: string }): void {
  const { db, clock, customer, linkSecret } = deps;
  const tags = ['my page'];

  app.get(
    '/api/my/preferences',
    { schema: { tags, response: responses(preferencesSchema) } },
    async (request, reply) => await readPreferences(db, await customer(request, reply)),
  );

  app.patch(
    '/api/my/preferences',
    { schema: { tags, body: preferencesChange, response: responses(preferencesSchema) } },
    async (request, reply) => await changePreferences(db, await customer(request, reply), request.body, clock.now()),
  );

  app.get(
    '/api/my/consents',
    { schema: { tags, querystring: pageQuery, response: responses(consentPage) } },
    async (request, reply) => {
      const { customerId } = await customer(request, reply);
      const { after, limit } = request.query;
      return await listConsents(db, customerId, { after, limit });
    },
  );

  app.post(
    '/api/my/email-verification',
    { schema: { tags, response: responses(doneResponse) } },
    async (request, reply) => {
      const scope = await customer(request, reply);
      await db.transaction().execute((trx) => requestVerification(trx, scope, clock.now()));
      return { done: true as const };
    },
  );

  // The way from the e-mail: in whatever browser it is opened, signed in or not. GET only asks; POST verifies.
  void app.register(async (scope) => {
    // Nothing is read of the form: the token in the address decides.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: longestForm }, (_request, _body, done) =>
      done(null),
    );
    const url = '/my/verify/:token';
    const schema = { params: verifyParams, hide: true };
    scope.get(url, { schema }, async (request, reply) => {
      const link = await readLink(db, verifyParams.parse(request.params).token, { now: clock.now(), linkSecret });
      if (link === undefined || (link.verified && !link.suppressed)) return await answer(request, reply, link);
      const { name: marketplace } = await readMarketplace(db);
      const { language, email } = link;
      const page = askToVerifyPage({ language, marketplace, address: maskAddress(email) });
      return await reply.headers(plainPageHeaders).send(page);
    });
    // A page that keeps its address to itself also sends no origin.
    scope.post(url, { schema, config: { anyOrigin: true } }, async (request, reply) => {
      const { token } = verifyParams.parse(request.params);
      return await answer(request, reply, await verifyAddress(db, token, { now: clock.now(), linkSecret }));
    });
  });

  async function answer(request: FastifyRequest, reply: FastifyReply, verified: { language: Language } | undefined) {
    const { language: own, contactUrl } = await readMarketplace(db);
    const language = verified?.language ?? preferredLanguage(request.headers['accept-language'], languages) ?? own;
    const page = verificationPage({ language, contactUrl, verified: verified !== undefined });
    return await reply
      .code(verified === undefined ? 404 : 200)
      .headers(plainPageHeaders)
      .send(page);
  }
}
