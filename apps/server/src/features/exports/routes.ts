import { shopParams } from '@coupon-push/contract/common.ts';
import {
  type ExportFormat,
  issuedCouponsExportQuery,
  pushesExportQuery,
  recipientsExportQuery,
} from '@coupon-push/contract/results.ts';
import type { FastifyRequest } from 'fastify';
import type { RouteDeps } from '../../http/deps.ts';
import { sendDownload } from '../../http/download.ts';
import type { HttpServer } from '../../http/server.ts';
import { registeredWithin } from '../audiences/service.ts';
import { readMarketplace } from '../marketplace/service.ts';
import { type ExportContext, exportIssuedCoupons, exportPushes, exportRecipients } from './service.ts';

/** A download costs more than a page: so many a minute from one address. */
const config = { rateLimit: { max: 30, timeWindow: '1 minute' } };

export function registerExportRoutes(app: HttpServer, { db, clock, authenticate }: RouteDeps): void {
  const schema = { tags: ['exports'], params: shopParams, description: 'xlsx or csv, as an attachment' };

  const contextOf = async (request: FastifyRequest, shopId: number, format: ExportFormat): Promise<ExportContext> => {
    const { userId, language } = await authenticate(request);
    return { scope: { userId, shopId }, format, language, now: clock.now() };
  };

  app.get(
    '/api/shops/:shopId/exports/pushes',
    { config, schema: { ...schema, querystring: pushesExportQuery } },
    async (request, reply) => {
      const { format, from, until, ...filter } = request.query;
      const context = await contextOf(request, request.params.shopId, format);
      const days = registeredWithin(from, until, (await readMarketplace(db)).zone);
      const applied = { appliedFrom: days.from, appliedBefore: days.until };
      const choice = { type: filter.type, state: filter.state, couponId: filter.couponId, ...applied };
      return sendDownload(reply, await exportPushes(db, context, choice));
    },
  );

  app.get(
    '/api/shops/:shopId/exports/issued-coupons',
    { config, schema: { ...schema, querystring: issuedCouponsExportQuery } },
    async (request, reply) => {
      const { format, ...filter } = request.query;
      const context = await contextOf(request, request.params.shopId, format);
      return sendDownload(reply, await exportIssuedCoupons(db, context, filter));
    },
  );

  app.get(
    '/api/shops/:shopId/exports/recipients',
    { config, schema: { ...schema, querystring: recipientsExportQuery } },
    async (request, reply) => {
      const { format, ...filter } = request.query;
      const context = await contextOf(request, request.params.shopId, format);
      return sendDownload(reply, await exportRecipients(db, context, filter));
    },
  );
}
