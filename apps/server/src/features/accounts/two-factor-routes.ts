import { doneResponse } from '@coupon-push/contract/common.ts';
import {
  backupCodesResponse,
  codeRequest,
  passwordRequest,
  signedResponse,
  twoFactorSecret,
} from '@coupon-push/contract/session.ts';
import { z } from 'zod';
import type { RouteDeps } from '../../http/deps.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import { readMarketplace } from '../marketplace/service.ts';
import type { Auth } from './auth.ts';
import { askLibrary, keepCookies } from './library.ts';
import { useCodeOnce } from './service.ts';

const enabled = z.object({ totpURI: z.string(), backupCodes: z.array(z.string()) });
const verified = z.object({ token: z.string(), user: z.object({ id: z.string() }) });

/** The second factor: a code of an authenticator app (TOTP), or one of ten backup codes, each good for once. */
export function registerTwoFactorRoutes(app: HttpServer, { db, authenticate }: RouteDeps, auth: Auth): void {
  const tags = ['session'];

  app.post(
    '/api/auth/two-factor/enable',
    { schema: { tags, body: passwordRequest, response: responses(twoFactorSecret) } },
    async (request) => {
      await authenticate(request);
      const { name } = await readMarketplace(db);
      const answer = await askLibrary(auth, request, { ...request.body, method: 'totp', issuer: name });
      const { totpURI: uri, backupCodes } = enabled.parse(answer.body);
      return { uri, secret: new URL(uri).searchParams.get('secret') ?? '', backupCodes };
    },
  );

  // Both while signing in and, signed in already, to confirm the first code of a new secret.
  app.post(
    '/api/auth/two-factor/verify-totp',
    { schema: { tags, body: codeRequest, response: responses(signedResponse) } },
    async (request, reply) => {
      const answer = await askLibrary(auth, request, request.body);
      const { token, user } = verified.parse(answer.body);
      await useCodeOnce(db, { userId: user.id, code: request.body.code, token });
      keepCookies(reply, answer);
      return { signedIn: true, twoFactor: false };
    },
  );

  app.post(
    '/api/auth/two-factor/verify-backup-code',
    { schema: { tags, body: codeRequest, response: responses(signedResponse) } },
    async (request, reply) => {
      keepCookies(reply, await askLibrary(auth, request, request.body));
      return { signedIn: true, twoFactor: false };
    },
  );

  app.post(
    '/api/auth/two-factor/generate-backup-codes',
    { schema: { tags, body: passwordRequest, response: responses(backupCodesResponse) } },
    async (request) => {
      await authenticate(request);
      return backupCodesResponse.parse((await askLibrary(auth, request, request.body)).body);
    },
  );

  app.post(
    '/api/auth/two-factor/disable',
    { schema: { tags, body: passwordRequest, response: responses(doneResponse) } },
    async (request, reply) => {
      await authenticate(request);
      keepCookies(reply, await askLibrary(auth, request, request.body));
      return { done: true as const };
    },
  );
}
