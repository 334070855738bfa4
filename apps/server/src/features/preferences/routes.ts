import { doneResponse, pageQuery } from '@coupon-push/contract/common.ts';
import { consentPage, preferencesChange, preferencesSchema } from '@coupon-push/contract/my-page.ts';
import { languages } from '@coupon-push/i18n/languages.ts';
import { z } from 'zod';
import type { MyPageDeps } from '../../http/customer.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import { preferredLanguage } from '../../lib/preferred-language.ts';
import { plainPageHeaders } from '../../messages/plain-page.ts';
import { listConsents, readChoices } from '../consents/service.ts';
import { readMarketplace } from '../marketplace/service.ts';
import { verificationPage } from './pages.ts';
import { changePreferences, readPreferences, requestVerification, verifyAddress } from './service.ts';

const verifyParams = z.object({ token: z.string() });

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

  // The way from the e-mail: in whatever browser it is opened, signed in or not.
  app.get('/my/verify/:token', { schema: { params: verifyParams, hide: true } }, async (request, reply) => {
    const verified = await verifyAddress(db, request.params.token, { now: clock.now(), linkSecret });
    const { language: own, contactUrl } = await readMarketplace(db);
    const customers = verified && (await readChoices(db, verified.customerId))?.language;
    const language = customers ?? preferredLanguage(request.headers['accept-language'], languages) ?? own;
    const page = verificationPage({ language, contactUrl, verified: verified !== undefined });
    return await reply
      .code(verified === undefined ? 404 : 200)
      .headers(plainPageHeaders)
      .send(page);
  });
}
