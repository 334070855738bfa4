import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { AppError } from '../lib/app-error.ts';
import { problemHandler } from './problem-handler.ts';

/**
 * What a page may load. Pictures of items may lie anywhere; the e-mail preview is a frame without scripts
 * that inherits this.
 */
const contentSecurityPolicy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob: http: https:",
  "font-src 'self' data:",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "base-uri 'none'",
].join('; ');

const notPages = [
  '/api/',
  '/items/',
  '/images/',
  '/u/',
  '/docs',
  '/mailbox',
  '/openapi.json',
  '/assets/',
  '/my/assets/',
];

/** The folders of the built apps. */
export interface BuiltPages {
  /** Of sellers and the operator, at `/`. */
  console: string;
  /** Of customers, at `/my/`. */
  myPage: string;
}

/** Serves the built apps; every address that is no file and nothing else of ours is a page of one of them. */
export async function registerPages(
  app: Pick<FastifyInstance, 'register' | 'setNotFoundHandler'>,
  { console, myPage }: BuiltPages,
): Promise<void> {
  await serveFiles(app, console, '/');
  await serveFiles(app, myPage, '/my/');
  app.setNotFoundHandler(async (request, reply) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const isPage = isRead && !notPages.some((prefix) => request.url.startsWith(prefix));
    const root = /^\/my(?![^/?])/.test(request.url) ? myPage : console;
    if (!isPage || !existsSync(join(root, 'index.html'))) {
      return await problemHandler(new AppError('not_found'), request, reply);
    }
    return await reply.sendFile('index.html', root);
  });
}

/** Names of assets hold a hash of what is in them. */
async function serveFiles(app: Pick<FastifyInstance, 'register'>, root: string, prefix: string): Promise<void> {
  await app.register(fastifyStatic, {
    root,
    prefix,
    // The first one decorates the replies for both.
    decorateReply: prefix === '/',
    wildcard: false,
    index: false,
    cacheControl: false,
    preCompressed: true,
    setHeaders: (reply, path) => {
      const forever = path.startsWith(join(root, 'assets'));
      reply.header('cache-control', forever ? 'public, max-age=31536000, immutable' : 'no-cache');
      reply.header('x-content-type-options', 'nosniff');
      if (!/\.html(\.(br|gz))?$/.test(path)) return;
      // Here, so that a page has them under its file's own name too.
      reply.header('content-security-policy', contentSecurityPolicy);
      reply.header('referrer-policy', 'same-origin');
    },
  });
}
