import { doneResponse, shopParams } from '@coupon-push/contract/common.ts';
import {
  invitationAccept,
  invitationAccepted,
  invitationCreate,
  invitationMade,
  invitationParams,
  invitationView,
  memberChange,
  memberList,
  memberParams,
  tokenParams,
} from '@coupon-push/contract/people.ts';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../../http/actor.ts';
import type { RouteDeps } from '../../http/deps.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import { AppError } from '../../lib/app-error.ts';
import {
  acceptInvitation,
  changeRole,
  invite,
  listPeople,
  readInvitation,
  removeMember,
  renewInvitation,
  withdrawInvitation,
} from './service.ts';

/** Links are guessed by nobody, but each accepted one hashes a password. */
const perMinute = { rateLimit: { max: 30, timeWindow: '1 minute' } };

export function registerStaffRoutes(app: HttpServer, deps: RouteDeps): void {
  registerMembers(app, deps);
  registerInvitations(app, deps);
  registerJoining(app, deps);
}

function registerMembers(app: HttpServer, { db, clock, authenticate }: RouteDeps): void {
  const tags = ['people'];

  app.get(
    '/api/shops/:shopId/members',
    { schema: { tags, params: shopParams, response: responses(memberList) } },
    async (request) => {
      const { userId } = await authenticate(request);
      const scope = { userId, shopId: request.params.shopId };
      return await db.transaction().execute((trx) => listPeople(trx, scope, clock.now()));
    },
  );

  app.patch(
    '/api/shops/:shopId/members/:userId',
    { schema: { tags, params: memberParams, body: memberChange, response: responses(doneResponse) } },
    async (request) => {
      const actor = await authenticate(request);
      const { shopId, userId } = request.params;
      const change = { userId, role: request.body.role, now: clock.now() };
      await db.transaction().execute((trx) => changeRole(trx, { userId: actor.userId, shopId }, change));
      return { done: true as const };
    },
  );

  app.delete(
    '/api/shops/:shopId/members/:userId',
    { schema: { tags, params: memberParams, response: responses(doneResponse) } },
    async (request) => {
      const actor = await authenticate(request);
      const { shopId, userId } = request.params;
      const scope = { userId: actor.userId, shopId };
      await db.transaction().execute((trx) => removeMember(trx, scope, userId, clock.now()));
      return { done: true as const };
    },
  );
}

function registerInvitations(app: HttpServer, { db, clock, authenticate, publicUrl }: RouteDeps): void {
  const tags = ['people'];
  const context = ({ language }: Actor) => ({ now: clock.now(), publicUrl, language });

  app.post(
    '/api/shops/:shopId/invitations',
    {
      schema: {
        tags,
        params: shopParams,
        body: invitationCreate,
        response: responses(invitationMade),
      },
    },
    async (request) => {
      const actor = await authenticate(request);
      const scope = { userId: actor.userId, shopId: request.params.shopId };
      const input = { ...request.body, language: actor.language };
      return await db.transaction().execute((trx) => invite(trx, scope, input, context(actor)));
    },
  );

  app.post(
    '/api/shops/:shopId/invitations/:invitationId/renew',
    { schema: { tags, params: invitationParams, response: responses(invitationMade) } },
    async (request) => {
      const actor = await authenticate(request);
      const { shopId, invitationId } = request.params;
      const scope = { userId: actor.userId, shopId };
      return await db.transaction().execute((trx) => renewInvitation(trx, scope, invitationId, context(actor)));
    },
  );

  app.delete(
    '/api/shops/:shopId/invitations/:invitationId',
    { schema: { tags, params: invitationParams, response: responses(doneResponse) } },
    async (request) => {
      const { userId } = await authenticate(request);
      const { shopId, invitationId } = request.params;
      const scope = { userId, shopId };
      await db.transaction().execute((trx) => withdrawInvitation(trx, scope, invitationId, clock.now()));
      return { done: true as const };
    },
  );
}

function registerJoining(app: HttpServer, { db, clock, authenticate }: RouteDeps): void {
  const tags = ['people'];
  const whoever = (request: FastifyRequest) =>
    authenticate(request).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'not_signed_in') return null;
      throw error;
    });

  app.get(
    '/api/invitations/:token',
    { config: perMinute, schema: { tags, params: tokenParams, response: responses(invitationView) } },
    async (request) => await readInvitation(db, request.params.token, clock.now()),
  );

  app.post(
    '/api/invitations/:token/accept',
    {
      config: perMinute,
      schema: { tags, params: tokenParams, body: invitationAccept, response: responses(invitationAccepted) },
    },
    async (request) => {
      const actor = await whoever(request);
      const { token } = request.params;
      return await db
        .transaction()
        .execute((trx) => acceptInvitation(trx, token, request.body, { actor, now: clock.now() }));
    },
  );
}
