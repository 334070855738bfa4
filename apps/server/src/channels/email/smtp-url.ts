import type { SMTPConnectionAuth, SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';

export interface SmtpServer {
  options: SMTPConnectionOptions;
  /** Null: the server is used without signing in. */
  auth: SMTPConnectionAuth | null;
}

/**
 * Reads `smtp://user:password@host:587` or `smtps://...`. STARTTLS is used where the server offers it, and demanded
 * when there is a password to protect. In the query: `requireTLS=true`, `ignoreTLS=true` (never STARTTLS),
 * `tls.rejectUnauthorized=false` (any certificate), `name=` (what to say in EHLO).
 * @throws RangeError when it is not such an address.
 */
export function parseSmtpUrl(text: string): SmtpServer {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '') {
    throw new RangeError('an SMTP server is given as smtp://user:password@host:port or smtps://...');
  }
  const query = url.searchParams;
  const secure = url.protocol === 'smtps:';
  const auth = url.username === '' ? null : credentials(url);
  const ignoreTLS = query.get('ignoreTLS') === 'true';
  const requireTLS = query.get('requireTLS') === 'true' || (auth !== null && !secure && !ignoreTLS);
  const name = query.get('name');
  return {
    auth,
    options: {
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: url.port === '' ? (secure ? 465 : auth === null ? 25 : 587) : Number(url.port),
      secure,
      ignoreTLS,
      requireTLS,
      ...(name === null ? {} : { name }),
      ...(query.get('tls.rejectUnauthorized') === 'false' ? { tls: { rejectUnauthorized: false } } : {}),
    },
  };
}

function credentials(url: URL): SMTPConnectionAuth {
  return { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) };
}
