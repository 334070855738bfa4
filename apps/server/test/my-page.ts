import { actAs } from '../src/features/customer-sessions/service.ts';
import type { Answer, TestApi } from './api.ts';

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

export interface TestCustomer {
  customerId: number;
  /** A request of this customer, in a session of My Page. */
  request(method: Method, url: string, body?: unknown): Promise<Answer>;
}

/** A customer who is signed in to My Page. */
export async function signInCustomer(api: TestApi, customerId: number): Promise<TestCustomer> {
  const { db } = api.database;
  const { customer_no: customerNo } = await db
    .selectFrom('customer')
    .where('customer_id', '=', customerId)
    .select('customer_no')
    .executeTakeFirstOrThrow();
  const { token } = await db.transaction().execute((trx) => actAs(trx, customerNo, api.clock.now()));
  const headers = { cookie: `coupon-push.customer=${token}` };
  return { customerId, request: (method, url, body) => api.request(null, method, url, { headers, body }) };
}
