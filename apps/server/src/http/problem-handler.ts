import { type ErrorCode, errorStatus, type FieldError, type Problem } from '@coupon-push/contract/problem.ts';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors, type ZodFastifySchemaValidationError } from 'fastify-type-provider-zod';
import { isTransient } from '../db/transient.ts';
import { AppError } from '../lib/app-error.ts';

type Param = string | number;

/** What waiting is worth when the server cannot tell how long: about as long as a database takes to come back. */
const retryAfterSeconds = 5;

/** Values of an issue that a sentence can name (`minimum`, `maximum`, `expected` ...). */
function paramsOf(params: Record<string, unknown>): Record<string, Param> {
  const entries = Object.entries(params).flatMap(([name, value]): [string, Param][] => {
    if (typeof value === 'string' || typeof value === 'number') return [[name, value]];
    return typeof value === 'bigint' ? [[name, String(value)]] : [];
  });
  return Object.fromEntries(entries);
}

/** A zod issue as the error of one field; a rule of our own carries its code in `params.code`. */
function fieldError(issue: ZodFastifySchemaValidationError): FieldError {
  const params: Record<string, unknown> = issue.params;
  const field = issue.instancePath.split('/').filter(Boolean).join('.');
  const own = params.params;
  if (typeof own === 'object' && own !== null && 'code' in own && typeof own.code === 'string') {
    return { field, code: own.code, params: {} };
  }
  const missing = issue.keyword === 'invalid_type' && /received undefined/.test(issue.message ?? '');
  return { field, code: missing ? 'required' : issue.keyword, params: paramsOf(params) };
}

function problem(code: ErrorCode, request: FastifyRequest, more: Partial<Problem> = {}): Problem {
  return {
    type: `urn:coupon-push:${code}`,
    title: code.replaceAll('_', ' '),
    status: errorStatus[code],
    code,
    params: {},
    requestId: request.id,
    ...more,
  };
}

/** Codes for what fastify itself refuses before a route runs. */
function codeOfStatus(status: number | undefined): ErrorCode {
  if (status === undefined || status >= 500) return 'internal';
  if (status === 429) return 'too_many_requests';
  return status === 404 ? 'not_found' : 'invalid_request';
}

/** PostgreSQL takes no NUL in a text (22021), nor in JSON (22P05). Only a request brings one, so it is the request that is wrong. */
function holdsNul(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '22021' || error.code === '22P05');
}

export function toProblem(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof AppError) {
    const fields = error.fields.length > 0 ? { fields: error.fields } : {};
    return problem(error.code, request, { params: error.params, ...fields });
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    return problem('invalid_request', request, { fields: error.validation.map(fieldError) });
  }
  if (holdsNul(error)) return problem('invalid_request', request);
  // The database is away, or two were in each other's way: the same request would go well later.
  if (isTransient(error)) return problem('unavailable', request);
  const status = (error as FastifyError).statusCode;
  const code = codeOfStatus(status);
  return problem(code, request, status !== undefined && status < 500 ? { status } : {});
}

/** The one place where errors become HTTP: `application/problem+json` (RFC 9457). */
export async function problemHandler(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  await sendProblem(error, toProblem(error, request), request, reply);
}

/** Sends what became of an error, also when more is said in it than `problemHandler` does. */
export async function sendProblem(
  error: unknown,
  body: Problem,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  if (body.status >= 500) request.log.error({ err: error }, 'request failed');
  if (body.status === errorStatus.unavailable) reply.header('retry-after', retryAfterSeconds);
  await reply.code(body.status).type('application/problem+json').serializer(JSON.stringify).send(body);
}
