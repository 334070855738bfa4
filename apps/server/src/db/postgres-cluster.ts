import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, lchownSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PlainLog } from '../lib/plain-log.ts';
import { StartError } from '../lib/start-error.ts';
import { majorVersion, type PostgresBinaries } from './postgres-binaries.ts';
import { processState } from './postgres-process.ts';
import { asUser, chooseUser, type Ids, type RunAs } from './postgres-user.ts';

const run = promisify(execFile);

/** The files of one embedded database below a data folder. */
export interface ClusterPaths {
  dataDir: string;
  /** PostgreSQL's own folder (PGDATA). */
  cluster: string;
  /** Inside the cluster, so that a copy or a move of it keeps the password. Mode 0600. */
  password: string;
  /** What the server says; a file, so that it outlives the process that started the server. */
  log: string;
  /** `{ url, pid }` for people and tools that want to connect. Mode 0600. */
  info: string;
}

export function clusterPaths(dataDir: string): ClusterPaths {
  const cluster = join(dataDir, 'postgres');
  return {
    dataDir,
    cluster,
    password: join(cluster, 'coupon-push.password'),
    log: join(dataDir, 'postgres.log'),
    info: join(dataDir, 'postgres.json'),
  };
}

/**
 * Makes a cluster if there is none, and says how its server must be started. The data folder exists.
 * @throws StartError when the folder holds another version's or someone else's cluster.
 */
export async function prepareCluster(
  paths: ClusterPaths,
  binaries: PostgresBinaries,
  options: { log: PlainLog; sync: boolean },
): Promise<RunAs> {
  const as = await chooseUser([paths.dataDir], binaries.postgres, clusterOwner(paths));
  const major = await majorVersion(binaries, as);
  if (!existsSync(join(paths.cluster, 'PG_VERSION'))) {
    refuseForeignFolder(paths.cluster);
    options.log.info(`Creating the database in ${paths.cluster}`);
    await createCluster(paths, binaries, as, options.sync);
  }
  checkVersion(paths, major);
  // A cluster that root unpacked from a backup belongs to root; its server will not.
  if (as.kind !== 'self' && statSync(paths.cluster).uid !== as.uid) chownTree(paths.cluster, as);
  // PostgreSQL refuses a folder that others may enter, and copying tools are careless about modes.
  if ((statSync(paths.cluster).mode & 0o077) !== 0) await chmod(paths.cluster, 0o700);
  return as;
}

/**
 * Makes the data folder if it is missing, and returns its path without symbolic links.
 * @throws StartError when it cannot be written.
 */
export async function makeDataDir(dataDir: string): Promise<string> {
  const probe = join(dataDir, `.write-test-${process.pid}`);
  try {
    // Root's stand-in user has to pass through, hence 711; everything secret below has its own mode.
    await mkdir(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
    await writeFile(probe, '');
    await rm(probe);
    return realpathSync(dataDir);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new StartError(
      reason === 'ENOSPC'
        ? diskFull(dataDir)
        : `The data folder ${dataDir} cannot be written (${reason}). Give this user write access to it, or set ` +
            'DATA_DIR to another folder.',
    );
  }
}

function clusterOwner(paths: ClusterPaths): Ids | undefined {
  const stat = statSync(paths.cluster, { throwIfNoEntry: false });
  if (!stat) return undefined;
  const self = process.getuid?.();
  if (self !== undefined && self !== 0 && stat.uid !== self) {
    throw new StartError(
      `The database in ${paths.cluster} belongs to another user (${stat.uid}), and PostgreSQL only runs as its owner. ` +
        'Start Coupon Push as that user, or set DATA_DIR to another folder.',
    );
  }
  return { uid: stat.uid, gid: stat.gid };
}

function refuseForeignFolder(cluster: string): void {
  if (!existsSync(cluster) || readdirSync(cluster).length === 0) return;
  throw new StartError(
    `${cluster} is not empty and is no PostgreSQL database. Move it away, or set DATA_DIR to another folder.`,
  );
}

function checkVersion(paths: ClusterPaths, major: number): void {
  const found = readFileSync(join(paths.cluster, 'PG_VERSION'), 'utf8').trim();
  if (found === String(major)) return;
  throw new StartError(
    `The database in ${paths.cluster} was made by PostgreSQL ${found}, and this version of Coupon Push brings ` +
      `PostgreSQL ${major}. Start it with the version of Coupon Push that made it and move the data with pg_dump, or ` +
      'set DATA_DIR to another folder to begin with an empty database.',
  );
}

/**
 * The cluster is built beside its place and renamed into it, so that a half-made one is never taken for a database, and of
 * two processes that start at the same moment one wins and the other uses the winner's.
 */
async function createCluster(paths: ClusterPaths, binaries: PostgresBinaries, as: RunAs, sync: boolean): Promise<void> {
  removeAbandoned(paths.dataDir);
  const building = `${paths.cluster}.new-${process.pid}`;
  const passwordFile = `${building}.pw`;
  const password = randomBytes(24).toString('hex');
  try {
    await mkdir(building, { mode: 0o700 });
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (as.kind !== 'self') for (const path of [building, passwordFile]) await chown(path, as.uid, as.gid);
    await initdb(building, passwordFile, { binaries, as, sync });
    const kept = join(building, 'coupon-push.password');
    await writeFile(kept, password, { mode: 0o600 });
    await chmod(kept, 0o600);
    if (as.kind !== 'self') await chown(kept, as.uid, as.gid);
    moveIntoPlace(building, paths.cluster);
  } catch (error) {
    throw startFailure(paths, error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error));
  } finally {
    rmSync(building, { recursive: true, force: true });
    rmSync(passwordFile, { force: true });
  }
}

async function initdb(
  cluster: string,
  passwordFile: string,
  how: { binaries: PostgresBinaries; as: RunAs; sync: boolean },
): Promise<void> {
  const { command, args, options } = asUser(how.as, how.binaries.initdb, [
    `--pgdata=${cluster}`,
    `--pwfile=${passwordFile}`,
    '--username=postgres',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    // lower() and ilike work for every language, the same on every operating system, and sorting is as fast as in C.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...(how.sync ? [] : ['--no-sync']),
  ]);
  await run(command, args, options);
}

function moveIntoPlace(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    // Another process was faster; its cluster is complete, because it was renamed too.
    if (!existsSync(join(to, 'PG_VERSION'))) throw error;
  }
}

/** What a process that was killed within initdb left behind: `postgres.new-<pid>` and `postgres.new-<pid>.pw`. */
function removeAbandoned(dataDir: string): void {
  for (const name of readdirSync(dataDir)) {
    const pid = /^postgres\.new-(\d+)(\.pw)?$/.exec(name)?.[1];
    if (pid && processState(Number(pid)) !== 'alive') rmSync(join(dataDir, name), { recursive: true, force: true });
  }
}

function chownTree(folder: string, { uid, gid }: Ids): void {
  for (const name of readdirSync(folder, { recursive: true })) lchownSync(join(folder, String(name)), uid, gid);
  lchownSync(folder, uid, gid);
}

/**
 * The server's password.
 * @throws StartError when the file is gone or closed to this user.
 */
export function readPassword(paths: ClusterPaths): string {
  try {
    return readFileSync(paths.password, 'utf8').trim();
  } catch {
    throw new StartError(
      `The password of the embedded database (${paths.password}) cannot be read. Put the file back from a backup, or ` +
        `move ${paths.cluster} away to begin with an empty database.`,
    );
  }
}

/** Turns what PostgreSQL said before it gave up into a sentence for the person who started it. */
export function startFailure(paths: ClusterPaths, said: string): StartError {
  if (/No space left on device/.test(said)) return new StartError(diskFull(paths.dataDir));
  const reason = said
    .split('\n')
    .filter((line) => /(FATAL|PANIC|ERROR|error|could not)/.test(line))
    .at(-1);
  return new StartError(
    `The embedded PostgreSQL did not start: ${(reason ?? said.trim().split('\n').at(-1) ?? '').trim() || 'it gave no reason'}. ` +
      `See ${paths.log}; or set DATABASE_URL to a PostgreSQL server of your own.`,
  );
}

function diskFull(dataDir: string): string {
  return `The disk that holds ${dataDir} is full. Free some space, or set DATA_DIR to a folder on another disk.`;
}
