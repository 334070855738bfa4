import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Where `npm run dev -w apps/console` finds the API; the built pages are served by the API itself. */
const api = 'http://localhost:3000';
const proxied = ['/api', '/mailbox', '/images', '/items'];

/** Puts `.br` and `.gz` beside every text file of the build, so that the server only has to pick one. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    async writeBundle({ dir }) {
      if (dir === undefined) return;
      const names = await readdir(join(dir, 'assets'));
      for (const name of names.filter((one) => /\.(js|css)$/.test(one))) {
        const path = join(dir, 'assets', name);
        const bytes = await readFile(path);
        if (bytes.length < 1024) continue;
        await writeFile(`${path}.gz`, gzipSync(bytes));
        await writeFile(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), compressed()],
  build: {
    manifest: true,
    target: 'es2023',
    // Font parts stay files of their own: inlined, every page would load them all.
    assetsInlineLimit: 0,
    // The frame that every page needs: React, router, query, Mantine; 170 KB compressed.
    chunkSizeWarningLimit: 640,
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(proxied.map((path) => [path, { target: api, headers: { origin: api } }])),
  },
});
