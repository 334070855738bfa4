import type { CompensationUpload, Selection } from '@coupon-push/contract/compensation.ts';
import { orderFileMaxBytes } from '@coupon-push/contract/compensation-limits.ts';
import { ApiError } from '../../lib/http.ts';

/** All who can be reached are ticked at first (spec 3.8). */
export const everybody: Selection = { mode: 'all', except: [] };
export const nobody: Selection = { mode: 'only', only: [] };

export function isTicked(selection: Selection, no: number): boolean {
  return selection.mode === 'all' ? !selection.except.includes(no) : selection.only.includes(no);
}

/** Ticks these recipients, or takes their ticks away. */
export function withTicks(selection: Selection, nos: readonly number[], on: boolean): Selection {
  const named = selection.mode === 'all' ? selection.except : selection.only;
  // Those who are named are ticked in one mode and not in the other.
  const next = on === (selection.mode === 'only') ? new Set([...named, ...nos]) : without(named, nos);
  const sorted = [...next].sort((a, b) => a - b);
  return selection.mode === 'all' ? { mode: 'all', except: sorted } : { mode: 'only', only: sorted };
}

function without(named: readonly number[], nos: readonly number[]): Set<number> {
  const gone = new Set(nos);
  return new Set(named.filter((no) => !gone.has(no)));
}

/** How many of an upload's recipients are ticked; only those who can be reached ever are. */
export function tickedCount(selection: Selection, upload: Pick<CompensationUpload, 'reachable'>): number {
  return selection.mode === 'all' ? Math.max(0, upload.reachable - selection.except.length) : selection.only.length;
}

/** A selection out of the browser's storage, whatever stands there. */
export function readSelection(stored: unknown): Selection {
  if (typeof stored !== 'object' || stored === null) return everybody;
  const { mode, except, only } = stored as Record<string, unknown>;
  if (mode === 'only') return { mode, only: numbers(only) };
  return { mode: 'all', except: numbers(except) };
}

function numbers(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((one) => Number.isSafeInteger(one) && one > 0) : [];
}

/** What can be said about a file before it is uploaded; what is in it, the server reads. */
export function orderFileRefusal(file: { name: string; size: number }): ApiError | null {
  const params = { max: orderFileMaxBytes / 1024 / 1024 };
  if (file.size > orderFileMaxBytes) return refusal('order_file_too_large', params);
  return /\.(xlsx?|csv)$/i.test(file.name) ? null : refusal('order_file_kind');
}

function refusal(code: 'order_file_too_large' | 'order_file_kind', params = {}): ApiError {
  return new ApiError({ status: 400, code, params, fields: [], requestId: undefined });
}
