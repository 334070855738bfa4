import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev -w apps/console` finds the API; the built pages are served by the API itself. */
const api = 'http://localhost:3000';
const proxied = ['/api', '/mailbox', '/images', '/items'];

export default defineConfig({
  plugins: [react()],
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
