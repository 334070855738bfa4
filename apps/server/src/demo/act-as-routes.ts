import { actAsRequest, customerSchema, demoCustomers } from '@coupon-push/contract/customer-sessions.ts';
import { keepSession } from '../features/customer-sessions/cookie.ts';
import { actAs } from '../features/customer-sessions/service.ts';
import type { MyPageDeps } from '../http/customer.ts';
import { type HttpServer, responses } from '../http/server.ts';
import { selectDemoCustomers } from './act-as-db.ts';

/** The demo has no marketplace to sign in at: some of its customers to act as. Registered in the demo only. */
export function registerActAsRoutes(app: HttpServer, { db, clock, publicUrl }: MyPageDeps): void {
  const tags = ['demo'];

  app.get('/api/demo/customers', { schema: { tags, response: responses(demoCustomers) } }, async () => ({
    customers: await selectDemoCustomers(db, clock.now()),
  }));

  app.post(
    '/api/demo/act-as',
    { config: { opensSession: true }, schema: { tags, body: actAsRequest, response: responses(customerSchema) } },
    async (request, reply) => {
      const { customerNo } = request.body;
      const session = await db.transaction().execute((trx) => actAs(trx, customerNo, clock.now()));
      keepSession(reply, publicUrl, session.token);
      return session.customer;
    },
  );
}
