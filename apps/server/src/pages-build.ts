import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import type { BuiltPages } from './http/pages.ts';
import { StartError } from './lib/start-error.ts';

const shared = ['packages/contract/src', 'packages/i18n/src', 'package-lock.json'];
const ignored = new Set(['dist', 'node_modules']);

/** Folders of pages that nobody has used for so long are removed. */
const keptMs = 7 * 24 * 60 * 60_000;

/**
 * The pages of both apps, each built when its sources are not the ones of an earlier build. Each build has a folder of its
 * own, named by its sources, and appears in it whole: a running server keeps the files that its pages name, and two that
 * start at the same moment do not disturb each other.
 * @returns the folders of the built pages.
 * @throws StartError with what the build said.
 */
export async function buildPages(root: string): Promise<BuiltPages> {
  const [console, myPage] = await Promise.all(['apps/console', 'apps/my-page'].map((app) => buildApp(root, app)));
  if (console === undefined || myPage === undefined) throw new Error('two apps are built');
  return { console, myPage };
}

async function buildApp(root: string, app: string): Promise<string> {
  const builds = join(root, app, 'dist');
  const pages = join(builds, (await hashOf(root, [app, ...shared])).slice(0, 16));
  if (!existsSync(pages)) {
    const unfinished = `${pages}.${process.pid}`;
    await runVite(join(root, app), unfinished);
    // Another process may have been quicker; its build is the same.
    await rename(unfinished, pages).catch(() => rm(unfinished, { recursive: true, force: true }));
  }
  const now = new Date();
  await utimes(pages, now, now);
  await removeOldBuilds(builds, now);
  return pages;
}

async function removeOldBuilds(builds: string, now: Date): Promise<void> {
  for (const name of await readdir(builds)) {
    const build = join(builds, name);
    const { mtime } = await stat(build);
    if (now.getTime() - mtime.getTime() > keptMs) await rm(build, { recursive: true, force: true });
  }
}

async function hashOf(root: string, inputs: string[]): Promise<string> {
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

async function runVite(folder: string, outDir: string): Promise<void> {
  const packageFile = createRequire(join(folder, 'package.json')).resolve('vite/package.json');
  const vite = join(packageFile, '..', 'bin/vite.js');
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn', '--outDir', outDir], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new StartError(`The pages could not be built. Run "npm ci" again; the build said:\n${said}`);
}
