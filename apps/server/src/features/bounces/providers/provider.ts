import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { AppError } from '../../../lib/app-error.ts';
import { longestRepeatMs, type Notification } from '../service.ts';

/** A provider's request as it came. */
export interface RawRequest {
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** What a provider tells; `once`: the number of a notification that is good once. */
export interface Told {
  notifications: Notification[];
  once?: string;
}

/**
 * Checks who sent a request, and reads what it tells. What is no failure for good is left out.
 * @throws AppError notification_refused when it is not signed by the provider, or too long ago; invalid_request
 */
export type ReadNotification = (request: RawRequest) => Told | Promise<Told>;

export function refused(): AppError {
  return new AppError('notification_refused');
}

/** @throws AppError invalid_request */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError('invalid_request');
  }
}

/** The entries of a list that can be read: one that cannot must not cost the others, the provider would send them all again. */
export function readable<T extends z.ZodType>(entry: T) {
  return z.array(z.unknown()).transform((entries) =>
    entries.flatMap((one) => {
      const { success, data } = entry.safeParse(one);
      return success ? [data] : [];
    }),
  );
}

/** Our clocks may differ by so much. */
const aheadMs = 5 * 60_000;

/**
 * Times of providers are measured by the machine's clock: the demo's can be moved. What was signed long ago is refused;
 * until then a repeat changes nothing, as each message's bounce is recorded once.
 * @throws AppError notification_refused
 */
export function demandRecent(signedAtMs: number): void {
  const age = Date.now() - signedAtMs;
  if (!(age <= longestRepeatMs && age >= -aheadMs)) throw refused();
}

/** Takes the same time however much of it is right. */
export function isSame(one: string, other: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
}
