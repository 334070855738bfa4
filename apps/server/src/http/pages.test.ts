import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryDataDir } from '../../test/temporary.ts';
import { createHttpServer, type HttpServer } from './server.ts';

let server: HttpServer;
const folder = temporaryDataDir();

beforeAll(async () => {
  const [console, myPage] = ['console', 'my-page'].map((name) => {
    const app = join(folder, name);
    mkdirSync(join(app, 'assets'), { recursive: true });
    const page = `<title>${name}</title>`;
    writeFileSync(join(app, 'index.html'), page);
    writeFileSync(join(app, 'index.html.br'), brotliCompressSync(page));
    writeFileSync(join(app, 'assets', 'a-1.js'), '1');
    return app;
  }) as [string, string];
  const logger = pino({ level: 'silent' });
  server = await createHttpServer({ logger, trustedOrigins: [], maxUploadBytes: 1, pages: { console, myPage } });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

describe('a page', () => {
  const addresses = ['/', '/pushes/7', '/index.html', '/my/', '/my/coupons', '/my/index.html'];

  it.each(addresses)('runs no foreign script and is shown in no foreign frame: %s', async (url) => {
    const { statusCode, headers, body } = await server.inject({ url });
    expect([statusCode, body]).toEqual([200, `<title>${url.startsWith('/my') ? 'my-page' : 'console'}</title>`]);
    const packed = await server.inject({ url, headers: { 'accept-encoding': 'br' } });
    expect(packed.headers['content-encoding']).toBe('br');
    for (const said of [headers, packed.headers]) {
      expect(said['content-security-policy']).toContain("default-src 'self'");
      expect(said['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(said['x-content-type-options']).toBe('nosniff');
      expect(said['referrer-policy']).toBe('same-origin');
    }
  });

  it.each(addresses)('is there for who asks for its head alone, as programs that check links do: %s', async (url) => {
    const { statusCode, body } = await server.inject({ method: 'HEAD', url });
    expect([statusCode, body]).toEqual([200, '']);
  });

  it('is not what an address of the API or of a file leads to that does not exist', async () => {
    for (const url of ['/api/nothing', '/assets/nothing.js', '/my/assets/nothing.js']) {
      const { statusCode, headers } = await server.inject({ url });
      expect([url, statusCode, headers['content-type']]).toEqual([url, 404, 'application/problem+json']);
    }
  });

  it('loads files that are kept for good', async () => {
    const { headers } = await server.inject({ url: '/my/assets/a-1.js' });
    expect(headers['cache-control']).toContain('immutable');
    expect(headers['x-content-type-options']).toBe('nosniff');
  });
});
