import type { ErrorCode, FieldError } from '@coupon-push/contract/problem.ts';
import { signInAgain, signInsSoFar } from './sign-in-gate.ts';

/** `unreachable`: no answer at all, the only code that the server never sends. */
export type ClientErrorCode = ErrorCode | 'unreachable';

export interface ApiProblem {
  status: number;
  code: ClientErrorCode;
  params: Record<string, string | number | null>;
  fields: FieldError[];
  requestId: string | undefined;
}

/** A refusal of the API. Every rejected request of this app rejects with one. */
export class ApiError extends Error {
  readonly problem: ApiProblem;

  constructor(problem: ApiProblem) {
    super(problem.code);
    this.name = 'ApiError';
    this.problem = problem;
  }
}

/** What went wrong as a problem, whatever was thrown. */
export function problemOf(error: unknown): ApiProblem {
  if (error instanceof ApiError) return error.problem;
  return { status: 0, code: 'internal', params: {}, fields: [], requestId: undefined };
}

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** False: a 401 rejects at once, without asking to sign in again. */
  gate?: boolean;
}

/** What a refused answer says. */
export async function readProblem(response: Response): Promise<ApiProblem> {
  const body = (await response.json().catch(() => ({}))) as Partial<ApiProblem>;
  const fallback: ClientErrorCode =
    response.status === 401 ? 'not_signed_in' : response.status >= 502 ? 'unavailable' : 'internal';
  return {
    status: response.status,
    code: typeof body.code === 'string' ? body.code : fallback,
    params: body.params ?? {},
    fields: body.fields ?? [],
    requestId: body.requestId,
  };
}

async function send(path: string, options: RequestOptions): Promise<Response> {
  const { body } = options;
  const headers = new Headers({ accept: 'application/json', ...options.headers });
  const isForm = body instanceof FormData;
  if (body !== undefined && !isForm) headers.set('content-type', 'application/json');
  const init: RequestInit = { method: options.method ?? 'GET', headers, credentials: 'same-origin' };
  if (body !== undefined) init.body = isForm ? body : JSON.stringify(body);
  if (options.signal !== undefined) init.signal = options.signal;
  try {
    return await fetch(path, init);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError({ status: 0, code: 'unreachable', params: {}, fields: [], requestId: undefined });
  }
}

/**
 * Sends one request and returns its JSON. Answered 401, it waits until the seller has signed in again over the open
 * page and then sends the same request once more, so nothing that was typed is lost.
 *
 * @throws {ApiError} when the answer is a refusal, or when there is none.
 */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const signIns = signInsSoFar();
  let response = await send(path, options);
  if (response.status === 401 && options.gate !== false) {
    await signInAgain(signIns);
    response = await send(path, options);
  }
  if (!response.ok) throw new ApiError(await readProblem(response));
  return (await response.json()) as T;
}

/** A query string of what is set: `?from=2026-11-01&limit=20`, or nothing. */
export function queryString(values: Record<string, string | number | undefined>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== '') params.set(name, String(value));
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}
