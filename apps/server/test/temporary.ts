import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../src/db/embedded-postgres.ts';
import { processState, readLockFile } from '../src/db/postgres-process.ts';
import { silentLog } from '../src/lib/plain-log.ts';

const PREFIX = 'coupon-push-tmp';

/** A path for a data folder that does not exist yet. Whoever asks removes it; see also removeAbandoned. */
export function temporaryDataDir(): string {
  return join(tmpdir(), `${PREFIX}-${process.pid}-${randomUUID()}`);
}

/** Stops and removes what test runs left behind that were interrupted: folders whose process is gone. */
export async function removeAbandoned(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${PREFIX}-(\\d+)-`).exec(name)?.[1];
    if (!pid || processState(Number(pid)) === 'alive') continue;
    const folder = join(tmpdir(), name);
    try {
      if (readLockFile(join(folder, 'postgres'))) {
        const leftover = await startEmbeddedPostgres({ dataDir: folder, log: silentLog });
        await leftover.stop();
      }
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another run clears it away at this very moment.
    }
  }
}
