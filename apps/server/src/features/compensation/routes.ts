import { shopParams } from '@coupon-push/contract/common.ts';
import {
  compensationUploadSchema,
  ordersUpload,
  recipientsPage,
  recipientsQuery,
  unmatchedQuery,
  uploadParams,
  uploadRowsPage,
  uploadRowsQuery,
} from '@coupon-push/contract/compensation.ts';
import { orderFileMaxBytes } from '@coupon-push/contract/compensation-limits.ts';
import type { MultipartFile } from '@fastify/multipart';
import type { RouteDeps } from '../../http/deps.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import { AppError, fieldRefused } from '../../lib/app-error.ts';
import { readMarketplace } from '../marketplace/service.ts';
import type { UploadKey } from './db.ts';
import { listRecipients, listRows, readUpload, uploadOrderFile, uploadOrders } from './service.ts';
import { unmatchedFile } from './unmatched-file.ts';

const uploads = '/api/shops/:shopId/compensation-uploads';
const tags = ['compensation'];
/** Reading a file takes a thread for a second, or for ten when it is made to. */
const uploadLimit = { rateLimit: { max: 30, timeWindow: '1 minute' } };
/** 20,000 order numbers of 64 characters. */
const ordersMaxBytes = 2 * 1024 * 1024;

export function registerCompensationRoutes(app: HttpServer, deps: RouteDeps): void {
  const { db, clock, authenticate } = deps;

  // The same for everybody, so nobody signs in for it.
  app.get('/api/compensation-template.xlsx', { schema: { tags } }, async (_request, reply) => {
    const { orderFileTemplate } = await import('./order-file/template.ts');
    return await reply
      .type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
      .header('content-disposition', 'attachment; filename="order-numbers.xlsx"')
      .send(await orderFileTemplate());
  });

  app.post(
    uploads,
    {
      config: uploadLimit,
      schema: {
        tags,
        description: 'multipart/form-data with one field `file`: xls, xlsx or csv, at most 10 MB and 100,000 rows',
        consumes: ['multipart/form-data'],
        params: shopParams,
        response: responses(compensationUploadSchema),
      },
    },
    async (request) => {
      const { userId } = await authenticate(request);
      const file = await request.file();
      if (file === undefined) throw fieldRefused('file', 'required');
      const bytes = await bytesOf(file);
      const scope = { userId, shopId: request.params.shopId };
      return await uploadOrderFile(db, scope, { name: file.filename, bytes }, clock.now());
    },
  );

  app.post(
    `${uploads}/orders`,
    {
      config: uploadLimit,
      bodyLimit: ordersMaxBytes,
      schema: { tags, params: shopParams, body: ordersUpload, response: responses(compensationUploadSchema) },
    },
    async (request) => {
      const { userId } = await authenticate(request);
      const scope = { userId, shopId: request.params.shopId };
      return await uploadOrders(db, scope, request.body.orderNos, clock.now());
    },
  );

  registerUploadReading(app, deps);
}

/** What an upload has become, for the form. */
function registerUploadReading(app: HttpServer, { db, clock, authenticate }: RouteDeps): void {
  const keyOf = (userId: string, params: { shopId: number; uploadId: string }): UploadKey => ({
    scope: { userId, shopId: params.shopId },
    uploadId: params.uploadId,
    now: clock.now(),
  });

  app.get(
    `${uploads}/:uploadId`,
    { schema: { tags, params: uploadParams, response: responses(compensationUploadSchema) } },
    async (request) => {
      const { userId } = await authenticate(request);
      return await readUpload(db, keyOf(userId, request.params));
    },
  );

  app.get(
    `${uploads}/:uploadId/rows`,
    { schema: { tags, params: uploadParams, querystring: uploadRowsQuery, response: responses(uploadRowsPage) } },
    async (request) => {
      const { userId } = await authenticate(request);
      return await listRows(db, keyOf(userId, request.params), request.query);
    },
  );

  app.get(
    `${uploads}/:uploadId/recipients`,
    { schema: { tags, params: uploadParams, querystring: recipientsQuery, response: responses(recipientsPage) } },
    async (request) => {
      const { userId } = await authenticate(request);
      const { page, search, show, reason } = request.query;
      return await listRecipients(db, keyOf(userId, request.params), { page, search, show, reason });
    },
  );

  app.get(
    `${uploads}/:uploadId/unmatched.csv`,
    { schema: { tags, params: uploadParams, querystring: unmatchedQuery } },
    async (request, reply) => {
      const { userId, language } = await authenticate(request);
      const key = keyOf(userId, request.params);
      await readUpload(db, key);
      const { zone } = await readMarketplace(db);
      return await reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="not-matched.csv"')
        .send(unmatchedFile(db, key, { language: request.query.language ?? language, zone }));
    },
  );
}

/** @throws AppError order_file_too_large at the field */
async function bytesOf(file: MultipartFile): Promise<Buffer> {
  return await file.toBuffer().catch((error: unknown) => {
    if (!file.file.truncated) throw error;
    const params = { max: orderFileMaxBytes / 1024 / 1024 };
    throw new AppError('order_file_too_large', params, [{ field: 'file', code: 'order_file_too_large', params }]);
  });
}
