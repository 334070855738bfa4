import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { build, defineConfig, type Plugin } from 'vite';

/** Where `npm run dev -w apps/my-page` finds the API; the built pages are served by the API itself. */
const api = 'http://localhost:3000';
const proxied = ['/api', '/images', '/items'];

/** Builds the service worker, which is told every file of the app: it keeps them for the time without a network. */
function serviceWorker(): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    async writeBundle({ dir }) {
      if (dir === undefined) return;
      const files = (await filesOf(dir)).filter((file) => !/^(index\.html|\.vite)/.test(file)).sort();
      const hash = createHash('sha256');
      for (const file of ['index.html', ...files]) hash.update(file).update(await readFile(join(dir, file)));
      await build({
        configFile: false,
        logLevel: 'warn',
        publicDir: false,
        define: {
          __SHELL_FILES__: JSON.stringify(files.map((file) => `/my/${file}`)),
          __SHELL_VERSION__: JSON.stringify(hash.digest('hex').slice(0, 12)),
        },
        build: {
          outDir: dir,
          emptyOutDir: false,
          target: 'es2022',
          lib: {
            entry: join(import.meta.dirname, 'src/service-worker/service-worker.ts'),
            formats: ['iife'],
            name: 'worker',
            fileName: () => 'service-worker.js',
          },
        },
      });
      await compress(dir);
    },
  };
}

async function filesOf(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1));
}

/** Puts `.br` and `.gz` beside every text file, so that the server only has to pick one. */
async function compress(dir: string): Promise<void> {
  for (const name of (await filesOf(dir)).filter((one) => /\.(js|css)$/.test(one))) {
    const path = join(dir, name);
    const bytes = await readFile(path);
    if (bytes.length < 1024) continue;
    await writeFile(`${path}.gz`, gzipSync(bytes));
    await writeFile(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  }
}

export default defineConfig({
  base: '/my/',
  plugins: [react(), serviceWorker()],
  build: { manifest: true, target: 'es2023', assetsInlineLimit: 0 },
  server: {
    port: 5174,
    proxy: Object.fromEntries(proxied.map((path) => [path, { target: api, headers: { origin: api } }])),
  },
});
