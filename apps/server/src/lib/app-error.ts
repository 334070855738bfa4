import { type ErrorCode, errorStatus, type FieldError } from '@coupon-push/contract/problem.ts';

export type ErrorParams = Record<string, string | number | null>;

/**
 * A refusal that a person can do something about. Thrown by rules and services, turned into problem details at the
 * HTTP edge only; the status of a code stands in one table, in the contract.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly params: ErrorParams;
  readonly fields: FieldError[];

  constructor(code: ErrorCode, params: ErrorParams = {}, fields: FieldError[] = []) {
    super(code);
    this.name = 'AppError';
    this.code = code;
    this.params = params;
    this.fields = fields;
  }

  get status(): number {
    return errorStatus[this.code];
  }
}

/** A refusal of one field, shown at that field. */
export function fieldRefused(field: string, code: string, params: FieldError['params'] = {}): AppError {
  return new AppError('invalid_request', {}, [{ field, code, params }]);
}

/** The value, or "not found": what another shop owns does not exist for this one. */
export function found<T>(value: T | undefined | null): T {
  if (value === undefined || value === null) throw new AppError('not_found');
  return value;
}
