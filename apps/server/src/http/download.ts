import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

export interface Download {
  /** In any language; what file systems refuse is replaced. */
  name: string;
  type: string;
  /** Destroyed when the client goes away before its end. */
  body: Readable;
}

export const fileTypes = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

/** Answers with a file to be saved. One that breaks while it is being written ends the connection, never as if whole. */
export function sendDownload(reply: FastifyReply, { name, type, body }: Download): FastifyReply {
  return reply
    .header('content-type', type)
    .header('content-disposition', contentDisposition(name))
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .send(body);
}

/** RFC 6266 with RFC 5987: the name as it is, and one in ASCII for who does not know that. */
export function contentDisposition(name: string): string {
  const safe = name
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}"*/:<>?\\|]/gu, '_');
  const ascii = safe.replace(/[^\x20-\x7e]+/g, '_');
  const encoded = encodeURIComponent(safe).replace(
    /['()]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
