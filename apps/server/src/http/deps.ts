import type { Db } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';
import type { Authenticate } from './actor.ts';

/** What the routes of a feature are given. */
export interface RouteDeps {
  db: Db;
  clock: Clock;
  authenticate: Authenticate;
  /** Where pages and pictures are reached from outside, without a slash at the end. */
  publicUrl: string;
}
