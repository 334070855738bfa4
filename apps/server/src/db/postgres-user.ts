import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { StartError } from '../lib/start-error.ts';

const run = promisify(execFile);
const USER = 'postgres';

/**
 * How PostgreSQL's programs are started. PostgreSQL refuses to run as root, so root starts them as a system user:
 * - `self`: we are not root.
 * - `user`: drops to uid and gid.
 * - `user-with-capability`: the same, but keeps one capability, so that the user gets through folders that are closed to it
 *   (a clone under a home of mode 0700). Only traversal is needed; the cluster itself belongs to the user.
 */
export type RunAs =
  | { kind: 'self' }
  | ({ kind: 'user' } & Ids)
  | ({ kind: 'user-with-capability'; capability: string } & Ids);

export interface Ids {
  uid: number;
  gid: number;
}

export interface Command {
  command: string;
  args: string[];
  options: { uid?: number; gid?: number; cwd: string; env: NodeJS.ProcessEnv };
}

/** Wraps a command so that it runs as decided. The environment is bare: PG* variables of the shell must not leak in. */
export function asUser(as: RunAs, command: string, args: string[]): Command {
  const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' };
  const options = { cwd: '/', env };
  if (as.kind === 'self') return { command, args, options };
  if (as.kind === 'user') return { command, args, options: { ...options, uid: as.uid, gid: as.gid } };
  return {
    command: 'setpriv',
    args: [
      `--reuid=${as.uid}`,
      `--regid=${as.gid}`,
      '--clear-groups',
      // Without no_setuid_fixup, access(2) ignores the capability, and postgres asks access(2) about its own binary.
      '--securebits=+no_setuid_fixup',
      `--inh-caps=+${as.capability}`,
      `--ambient-caps=+${as.capability}`,
      command,
      ...args,
    ],
    options,
  };
}

/**
 * Decides how to start PostgreSQL's programs.
 * @param folders must be reachable for the process; they exist.
 * @param program must be executable for it.
 * @param owner of the cluster if there is one: PostgreSQL insists on running as the owner of its folder.
 * @throws StartError when root finds no way, saying which folder to open or move.
 */
export async function chooseUser(folders: string[], program: string, owner?: Ids): Promise<RunAs> {
  if (process.getuid?.() !== 0) return { kind: 'self' };
  const ids = owner && owner.uid !== 0 ? owner : ((await lookUpUser()) ?? (await createUser()));
  const plain: RunAs = { kind: 'user', ...ids };
  const closed = await firstClosed(plain, folders, program);
  if (closed === undefined) return plain;
  for (const capability of heldCapabilities()) {
    const withCapability: RunAs = { kind: 'user-with-capability', ...ids, capability };
    if ((await firstClosed(withCapability, folders, program)) === undefined) return withCapability;
  }
  throw new StartError(
    `PostgreSQL does not run as root, and the user that stands in for root (${ids.uid}) cannot enter ${closed}. ` +
      'Set DATA_DIR to a folder, and keep this clone in one, whose parents are open to everyone (for example below ' +
      '/srv); or start Coupon Push as an ordinary user.',
  );
}

/** Asks the operating system instead of reading modes: access lists and security modules count too. */
async function firstClosed(as: RunAs, folders: string[], program: string): Promise<string | undefined> {
  const script =
    'for f do if [ -d "$f" ]; then [ -x "$f/." ]; else [ -r "$f" ] && [ -x "$f" ]; fi || { echo "$f"; exit 0; }; done';
  // A folder behind a closed parent is no folder to the shell; then -r fails and it is named all the same.
  const { command, args, options } = asUser(as, '/bin/sh', ['-c', script, 'sh', ...folders, program]);
  try {
    const { stdout } = await run(command, args, options);
    return stdout.trim() === '' ? undefined : stdout.trim();
  } catch {
    return folders[0] ?? program;
  }
}

/** Of the two capabilities that open folders, those that this process holds, the weaker first (containers drop some). */
function heldCapabilities(): string[] {
  if (!existsSync('/proc/self/status')) return [];
  const line = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  const held = BigInt(`0x${line}`);
  // Bit numbers from capabilities(7).
  const numbers: [string, bigint][] = [
    ['dac_read_search', 2n],
    ['dac_override', 1n],
  ];
  return numbers.filter(([, bit]) => (held >> bit) & 1n).map(([name]) => name);
}

async function lookUpUser(): Promise<Ids | undefined> {
  try {
    const [uid, gid] = await Promise.all(['-u', '-g'].map(async (flag) => (await run('id', [flag, USER])).stdout));
    return { uid: Number(uid), gid: Number(gid) };
  } catch {
    return undefined;
  }
}

async function createUser(): Promise<Ids> {
  const how = `create it ("useradd --system ${USER}"), start Coupon Push as an ordinary user, or set DATABASE_URL`;
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', USER]);
  } catch (error) {
    // Another process may have created it at the same moment; then it exists now.
    const ids = await lookUpUser();
    if (ids) return ids;
    throw new StartError(
      `PostgreSQL does not run as root, and the system user "${USER}" could not be created ` +
        `(${error instanceof Error ? error.message.trim().split('\n')[0] : error}): ${how}.`,
    );
  }
  const ids = await lookUpUser();
  if (!ids) throw new StartError(`PostgreSQL does not run as root, and there is no system user "${USER}": ${how}.`);
  return ids;
}
