import type { ErrorCode } from '@coupon-push/contract/problem.ts';
import { fromNodeHeaders } from 'better-auth/node';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../lib/app-error.ts';
import { type Auth, clientAddressHeader } from './auth.ts';

/** What the library's refusals are called here. */
const codes: Record<string, ErrorCode> = {
  INVALID_EMAIL_OR_PASSWORD: 'sign_in_refused',
  INVALID_CODE: 'two_factor_code_wrong',
  INVALID_BACKUP_CODE: 'two_factor_code_wrong',
  INVALID_TWO_FACTOR_COOKIE: 'two_factor_expired',
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: 'two_factor_expired',
  ACCOUNT_TEMPORARILY_LOCKED: 'two_factor_locked',
  TOTP_ALREADY_ENABLED: 'two_factor_already_on',
  TOTP_NOT_ENABLED: 'two_factor_not_on',
  TWO_FACTOR_NOT_ENABLED: 'two_factor_not_on',
  BACKUP_CODES_NOT_ENABLED: 'two_factor_not_on',
};

export interface LibraryAnswer {
  body: Record<string, unknown>;
  /** To be handed on with `keepCookies`, once the request is sure to succeed. */
  cookies: string[];
}

/**
 * Lets the library answer this request: the route has its path. Of its other routes none can be reached.
 * @throws AppError sign_in_refused, too_many_requests, wrong_password (at the given field), two_factor_...
 */
export async function askLibrary(
  auth: Auth,
  request: FastifyRequest,
  body: object = {},
  passwordField = 'password',
): Promise<LibraryAnswer> {
  const headers = fromNodeHeaders(request.headers);
  headers.set(clientAddressHeader, request.ip);
  headers.set('content-type', 'application/json');
  headers.delete('content-length');
  const url = new URL(request.url, `${request.protocol}://${request.host}`);
  const answer = await auth.handler(new Request(url, { method: 'POST', headers, body: JSON.stringify(body) }));
  const said = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
  if (!answer.ok) throw refusal(answer.status, String(said.code), passwordField);
  return { body: said, cookies: answer.headers.getSetCookie() };
}

export function keepCookies(reply: FastifyReply, answer: LibraryAnswer): void {
  for (const cookie of answer.cookies) reply.header('set-cookie', cookie);
}

function refusal(status: number, code: string, passwordField: string): AppError {
  if (code === 'INVALID_PASSWORD') {
    return new AppError('wrong_password', {}, [{ field: passwordField, code: 'wrong_password', params: {} }]);
  }
  const known = codes[code];
  if (known === 'two_factor_code_wrong') return new AppError(known, {}, [{ field: 'code', code: known, params: {} }]);
  if (known !== undefined) return new AppError(known);
  if (status === 429) return new AppError('too_many_requests');
  // It does not say why; nearly always its database was away.
  return new AppError(status >= 500 ? 'unavailable' : 'sign_in_refused');
}
