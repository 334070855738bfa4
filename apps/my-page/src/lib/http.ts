import type { ErrorCode } from '@coupon-push/contract/problem.ts';
import { keptHeader } from '../service-worker/cache-names.ts';
import { noticeAnswer } from './use-online.ts';

/** `unreachable`: no answer at all, the only code that the server never sends. */
export interface ApiProblem {
  status: number;
  code: ErrorCode | 'unreachable';
  params: Record<string, string | number | null>;
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
  return error instanceof ApiError ? error.problem : { status: 0, code: 'internal', params: {} };
}

async function readProblem(response: Response): Promise<ApiProblem> {
  const body = (await response.json().catch(() => ({}))) as Partial<ApiProblem>;
  const fallback = response.status === 401 ? 'not_signed_in' : response.status >= 502 ? 'unavailable' : 'internal';
  return { status: response.status, code: body.code ?? fallback, params: body.params ?? {} };
}

/**
 * Sends one request and returns its JSON.
 * @throws ApiError when the answer is a refusal, or when there is none.
 */
export async function request<T>(path: string, method = 'GET', body?: unknown): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  } catch {
    noticeAnswer('none');
    throw new ApiError({ status: 0, code: 'unreachable', params: {} });
  }
  noticeAnswer(response.headers.has(keptHeader) ? 'kept' : 'fresh');
  if (!response.ok) throw new ApiError(await readProblem(response));
  return (await response.json()) as T;
}
