import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Layers of apps/server/src, lowest first (docs/ARCHITECTURE.md). A file imports from its own layer and from those before it.
 * Of what lies in src itself, config.ts and main.ts have places of their own; the rest composes the program: the app.
 */
const APP = 'app';
const LAYERS = [
  ['lib', 'db', 'http', 'jobs', 'config.ts'],
  ['channels', 'messages'],
  ['features', 'delivery'],
  ['demo'],
  [APP],
  ['main.ts'],
];

interface Import {
  file: string;
  /** Path from the root for a file of ours, else the name of a package. */
  target: string;
  typeOnly: boolean;
}

const imports = readImports();

function readImports(): Import[] {
  const files = globSync('{apps,packages}/*/src/**/*.{ts,tsx}', { cwd: ROOT });
  // `import x from`, `export x from`, `import 'x'` and `import('x')`, over several lines too.
  const statement =
    /^\s*(?:import|export)\s+(type\s)?[^'"`;]*?from\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;
  return files
    .filter((file) => !/\.test\.tsx?$/.test(file))
    .flatMap((file) =>
      [...readFileSync(join(ROOT, file), 'utf8').matchAll(statement)].map(([, type, from, bare, lazy]) => {
        const specifier = from ?? bare ?? lazy ?? '';
        const target = specifier.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(file), specifier)) : specifier;
        return { file, target, typeOnly: type !== undefined };
      }),
    );
}

/** `features` of apps/server/src/features/pushes/db.ts; undefined outside of the server. */
function folderOf(path: string): string | undefined {
  return /^apps\/server\/src\/([^/]+)/.exec(path)?.[1];
}

function layerOf(path: string): number {
  const folder = folderOf(path) ?? '';
  const layer = LAYERS.findIndex((names) => names.includes(folder));
  return layer === -1 && folder.endsWith('.ts') ? LAYERS.findIndex((names) => names.includes(APP)) : layer;
}

const sentences = (wrong: Import[]): string[] => wrong.map(({ file, target }) => `${file} imports ${target}`);

describe('imports', () => {
  it('are found at all', () => {
    expect(imports.length).toBeGreaterThan(20);
  });

  it('of the server come from a folder that has a layer', () => {
    const files = [...new Set(imports.map(({ file }) => file))];
    expect(files.filter((file) => folderOf(file) !== undefined && layerOf(file) === -1)).toEqual([]);
  });

  it('of the server go one way: lib, db, http, jobs -> channels, messages -> features, delivery -> app -> main', () => {
    const within = imports.filter(({ file, target }) => folderOf(file) && folderOf(target));
    expect(sentences(within.filter(({ file, target }) => layerOf(target) > layerOf(file)))).toEqual([]);
  });

  it('of one feature do not reach into the SQL of another', () => {
    const featureOf = (path: string): string | undefined => /^apps\/server\/src\/features\/([^/]+)\//.exec(path)?.[1];
    const wrong = imports.filter(
      ({ file, target, typeOnly }) =>
        /\/(db|[a-z-]+-db)\.ts$/.test(target) &&
        featureOf(target) &&
        featureOf(file) !== featureOf(target) &&
        !typeOnly,
    );
    expect(sentences(wrong)).toEqual([]);
  });

  it('of the console know the packages and not the server', () => {
    const wrong = imports.filter(
      ({ file, target }) =>
        file.startsWith('apps/') &&
        (/^@coupon-push\/(server|console|my-page)/.test(target) ||
          (target.startsWith('apps/') && target.split('/')[1] !== file.split('/')[1])),
    );
    expect(sentences(wrong)).toEqual([]);
  });

  it('of the packages know no app', () => {
    const wrong = imports.filter(
      ({ file, target }) =>
        file.startsWith('packages/') &&
        (target.startsWith('apps/') || /^@coupon-push\/(server|console|my-page)/.test(target)),
    );
    expect(sentences(wrong)).toEqual([]);
  });
});

describe('process.env', () => {
  it('is read by config.ts and handed on by main.ts, and by nothing else', () => {
    const files = globSync('apps/server/src/**/*.ts', { cwd: ROOT }).filter((file) => !file.endsWith('.test.ts'));
    const readers = files.filter((file) => /\bprocess\.env\b/.test(code(readFileSync(join(ROOT, file), 'utf8'))));
    expect(readers.filter((file) => !['apps/server/src/config.ts', 'apps/server/src/main.ts'].includes(file))).toEqual(
      [],
    );
  });
});

/** Without comments. */
function code(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}
