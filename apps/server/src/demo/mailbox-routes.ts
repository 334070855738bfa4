import { languages } from '@coupon-push/i18n/languages.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type pg from 'pg';
import PostalMime from 'postal-mime';
import { z } from 'zod';
import type { HttpServer } from '../http/server.ts';
import { preferredLanguage } from '../lib/preferred-language.ts';
import { selectMail, selectMails, selectZone } from './mailbox-db.ts';
import { listPage, type MailboxReader, mailboxStyles, mailPage, missingPage } from './mailbox-pages.ts';

const pageSize = 50;
const number = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);
const listQuery = z.object({
  to: z.string().max(320).catch(''),
  before: number.optional().catch(undefined),
  after: number.optional().catch(undefined),
});
const jsonQuery = z.object({ to: z.string().max(320).catch(''), limit: number.max(1000).catch(100) });
const languageQuery = z.object({ lang: z.enum(languages).optional().catch(undefined) });
const mailParams = z.object({ id: number });

/**
 * The demo's mailbox: what startCapturedMail took. Without sign-in: it is registered in the demo alone.
 * `/mailbox.json?to=` gives a recipient's mail to tests, newest first, `/mailbox/:id/source` a message as it came.
 */
export function registerMailbox(app: HttpServer, { pool }: { pool: pg.Pool }): void {
  const options = { schema: { hide: true } };

  app.get('/mailbox', options, async (request, reply) => {
    const { to, ...range } = listQuery.parse(request.query);
    const filter = { to: to.trim(), exact: false, before: range.before, after: range.after, limit: pageSize };
    const page = await selectMails(pool, filter);
    return answer(reply, 200, listPage(await readerOf(request, pool), page, filter.to));
  });

  app.get('/mailbox.json', options, async (request) => {
    const { to, limit } = jsonQuery.parse(request.query);
    const { entries } = await selectMails(pool, { to, exact: to !== '', before: undefined, after: undefined, limit });
    return { entries };
  });

  app.get('/mailbox/style.css', options, (_request, reply) =>
    reply.headers({ 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-cache' }).send(mailboxStyles),
  );

  app.get('/mailbox/:id', options, async (request, reply) => {
    const mail = await findMail(pool, request.params);
    const reader = await readerOf(request, pool);
    if (mail === undefined) return answer(reply, 404, missingPage(reader));
    const { html, text = '', headers } = await PostalMime.parse(mail.raw);
    const shown = headers.map(({ originalKey, value }) => ({ name: originalKey, value }));
    const view = { entry: mail, headers: shown, hasHtml: html !== undefined, text, source: mail.raw.toString('utf8') };
    return answer(reply, 200, mailPage(reader, view));
  });

  app.get('/mailbox/:id/html', options, async (request, reply) => {
    const mail = await findMail(pool, request.params);
    if (mail === undefined) return answer(reply, 404, missingPage(await readerOf(request, pool)));
    const { html = '' } = await PostalMime.parse(mail.raw);
    return reply
      .headers({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        // Also when it is opened by itself: what a mail says never runs, and never acts as this site.
        'content-security-policy':
          "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline'; frame-ancestors 'self'",
      })
      .send(html.replace(/<head[^>]*>/i, '$&<base target="_blank">'));
  });

  app.get('/mailbox/:id/source', options, async (request, reply) => {
    const mail = await findMail(pool, request.params);
    if (mail === undefined) return answer(reply, 404, missingPage(await readerOf(request, pool)));
    const headers = {
      'content-type': 'message/rfc822',
      'content-disposition': `attachment; filename="mail-${mail.id}.eml"`,
    };
    return reply.headers({ ...headers, 'x-content-type-options': 'nosniff' }).send(mail.raw);
  });
}

async function findMail(pool: pg.Pool, params: unknown) {
  const parsed = mailParams.safeParse(params);
  return parsed.success ? await selectMail(pool, parsed.data.id) : undefined;
}

async function readerOf(request: FastifyRequest, pool: pg.Pool): Promise<MailboxReader> {
  const { lang } = languageQuery.parse(request.query);
  const language = lang ?? preferredLanguage(request.headers['accept-language'], languages) ?? 'ja';
  return { language, zone: await selectZone(pool), chosen: lang !== undefined };
}

function answer(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply
    .code(status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
    })
    .send(html);
}
