import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { StartError } from './lib/start-error.ts';

const inputs = ['apps/console', 'packages/contract/src', 'packages/i18n/src', 'package-lock.json'];
const ignored = new Set(['dist', 'node_modules']);

/**
 * Builds the console's pages when their sources are not the ones they were last built from.
 * @returns the folder of the built pages.
 * @throws StartError with what the build said.
 */
export async function buildPages(root: string): Promise<string> {
  const dist = join(root, 'apps/console/dist');
  const stamp = join(dist, '.built-from');
  const hash = await hashOf(root);
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === hash) return dist;
  await runVite(join(root, 'apps/console'));
  await writeFile(stamp, hash);
  return dist;
}

async function hashOf(root: string): Promise<string> {
  const hash = createHash('sha256');
  for (const input of inputs) {
    for (const file of await filesOf(join(root, input))) {
      hash
        .update(relative(root, file))
        .update('\0')
        .update(await readFile(file));
    }
  }
  return hash.digest('hex');
}

async function filesOf(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [path];
  const kept = entries.filter((entry) => !ignored.has(entry.name)).sort((a, b) => (a.name < b.name ? -1 : 1));
  const lists = await Promise.all(
    kept.map((entry) => (entry.isDirectory() ? filesOf(join(path, entry.name)) : [join(path, entry.name)])),
  );
  return lists.flat();
}

async function runVite(folder: string): Promise<void> {
  const packageFile = createRequire(join(folder, 'package.json')).resolve('vite/package.json');
  const vite = join(packageFile, '..', 'bin/vite.js');
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0)
    throw new StartError(`The console's pages could not be built. Run "npm ci" again; the build said:\n${said}`);
}
