import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { type Database, openDatabase } from '../src/db/database.ts';
import { createDatabase, dropDatabase } from './server-databases.ts';

export interface TestDatabase extends Database {
  /** For code that opens connections of its own. */
  url: string;
  /** Closes the pool and removes the database, whoever is still connected to it. */
  drop(): Promise<void>;
}

/**
 * A fresh, migrated database of one's own, cloned from the run's template. For a test file:
 * ```
 * let database: TestDatabase;
 * beforeAll(async () => {
 *   database = await createTestDatabase();
 *   return database.drop;
 * });
 * ```
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject('testServer');
  const name = `${server.prefix}_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  const url = await createDatabase(server.url, name, server.source);
  const database = openDatabase(url, { applicationName: name });
  return {
    ...database,
    url,
    drop: async () => {
      await database.close();
      await dropDatabase(server.url, name);
    },
  };
}
