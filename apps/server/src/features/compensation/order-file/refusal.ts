import type { ErrorCode } from '@coupon-push/contract/problem.ts';

export type OrderFileCode = Extract<ErrorCode, `order_file_${string}`>;

/**
 * Why a file is not read, inside the worker thread: what AppError is outside of it. The thread loads nothing that it does
 * not need to read a file.
 */
export class Refusal extends Error {
  readonly code: OrderFileCode;
  readonly params: Record<string, string | number>;

  constructor(code: OrderFileCode, params: Record<string, string | number> = {}) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.params = params;
  }
}
