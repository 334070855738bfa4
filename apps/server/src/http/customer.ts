import type { Language } from '@coupon-push/contract/common.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Db } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';

/** The customer who makes a request. Every query of My Page has this customer_id in its condition. */
export interface CustomerScope {
  customerId: number;
}

export interface Customer extends CustomerScope {
  customerNo: string;
  name: string | null;
  language: Language;
}

/**
 * Which customer makes this request, from its session; a session that is in use goes on, so its cookie may be set anew.
 * @throws AppError not_signed_in
 */
export type AuthenticateCustomer = (request: FastifyRequest, reply: FastifyReply) => Promise<Customer>;

/** What the routes of My Page are given. */
export interface MyPageDeps {
  db: Db;
  clock: Clock;
  publicUrl: string;
  customer: AuthenticateCustomer;
}
