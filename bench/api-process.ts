import { createApi } from '../apps/server/src/api.ts';
import { openDatabase } from '../apps/server/src/db/database.ts';
import { listenForChanges } from '../apps/server/src/http/changes.ts';
import { systemClock } from '../apps/server/src/lib/clock.ts';
import { errorLogger } from '../apps/server/test/error-logger.ts';

/** Started by benchmarks: the API without its pages, on a port of its own, which it tells. */
const [url = ''] = process.argv.slice(2);
const database = openDatabase(url, { max: 20 });
const server = await createApi({
  database,
  clock: systemClock,
  changes: await listenForChanges(url, errorLogger),
  logger: errorLogger,
  publicUrl: 'http://localhost:3000',
  otherOrigins: [],
  signInSecret: 'a secret of the benchmarks, long enough',
  unsubscribeSecret: 'another of their secrets',
  couponSecret: 'what coupon codes are made with',
});
process.send?.(await server.listen({ port: 0, host: '127.0.0.1' }));
