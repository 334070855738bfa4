import { doneResponse } from '@coupon-push/contract/common.ts';
import { qpostMessageSchema, qpostPage, qpostParams, qpostQuery, qpostUnread } from '@coupon-push/contract/my-page.ts';
import type { MyPageDeps } from '../../http/customer.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import { deleteMessage, listMessages, readMessage, unreadByTab } from './service.ts';
import { QpostTexts } from './texts.ts';

export function registerQpostRoutes(app: HttpServer, { db, clock, customer }: MyPageDeps): void {
  const tags = ['my page'];
  const texts = new QpostTexts();

  app.get(
    '/api/my/qpost',
    { schema: { tags, querystring: qpostQuery, response: responses(qpostPage) } },
    async (request, reply) => {
      const { tab, after, limit } = request.query;
      return await listMessages(db, await customer(request, reply), { tab, after, limit }, texts);
    },
  );

  app.get(
    '/api/my/qpost/unread',
    { schema: { tags, response: responses(qpostUnread) } },
    async (request, reply) => await unreadByTab(db, await customer(request, reply)),
  );

  app.get(
    '/api/my/qpost/:messageId',
    { schema: { tags, params: qpostParams, response: responses(qpostMessageSchema) } },
    async (request, reply) => {
      const reader = await customer(request, reply);
      return await readMessage(db, reader, request.params.messageId, { now: clock.now(), texts });
    },
  );

  app.delete(
    '/api/my/qpost/:messageId',
    { schema: { tags, params: qpostParams, response: responses(doneResponse) } },
    async (request, reply) => {
      await deleteMessage(db, await customer(request, reply), request.params.messageId, clock.now());
      return { done: true as const };
    },
  );
}
