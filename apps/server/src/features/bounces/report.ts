import PostalMime from 'postal-mime';
import { type Failure, failureOf, isStronger } from './rules.ts';

/** What a mail that came back to us tells of the one that we sent; null: nothing that counts. */
export type Report = Failure | null;

/** Deeper or longer than any report is. */
const limits = { maxNestingDepth: 20, maxHeadersSize: 64 * 1024, maxRfc822NestingDepth: 0 };
/**
 * The parser takes time for each line, and the process does nothing else meanwhile: half a megabyte of empty lines would stop
 * it for seconds, and whoever was ever written to can send one. A report of that size has lines of some length.
 */
const mostLines = 10_000;

/**
 * Reads a delivery status notification (RFC 3464) or a complaint (RFC 5965). Whatever else comes back, as answers of
 * people who are away, and reports of delays and of what was delivered, tells nothing. Never throws.
 */
export async function readReport(raw: Buffer): Promise<Report> {
  if (hasMoreLines(raw, mostLines)) return null;
  const mail = await PostalMime.parse(raw, limits).catch(() => null);
  if (mail === null) return null;
  const type = mail.headers.find(({ key }) => key === 'content-type')?.value ?? '';
  if (!/^\s*multipart\/report\b/i.test(type)) return null;
  for (const { mimeType, content } of mail.attachments) {
    const text = typeof content === 'string' ? content : new TextDecoder().decode(content);
    if (mimeType === 'message/feedback-report') return complaintOf(text);
    if (/^message\/(global-)?delivery-status$/.test(mimeType)) return failureOfStatus(text);
  }
  return null;
}

function hasMoreLines(raw: Buffer, most: number): boolean {
  let lines = 0;
  for (let at = raw.indexOf(10); at !== -1; at = raw.indexOf(10, at + 1)) {
    lines += 1;
    if (lines > most) return true;
  }
  return false;
}

/** RFC 5965; a report that the mail is no spam after all is none. */
function complaintOf(text: string): Report {
  const [fields] = fieldGroups(text);
  const type = fields?.get('feedback-type')?.toLowerCase() ?? '';
  return ['abuse', 'fraud', 'opt-out', 'opt-out-list'].includes(type)
    ? { class: 'complaint', status: null, reason: type }
    : null;
}

/**
 * The e-mail had one recipient; several groups mean that it was forwarded. As long as one of them has it, or may yet,
 * it did not fail; otherwise the strongest failure counts. Their addresses are not looked at: whoever they say, what
 * came back says whose it was.
 */
function failureOfStatus(text: string): Report {
  const recipients = fieldGroups(text).filter((fields) => fields.has('action'));
  let strongest: Report = null;
  for (const fields of recipients) {
    if (!/^failed\b/i.test(fields.get('action') ?? '')) return null;
    const said = fields.get('diagnostic-code')?.replace(/^\s*[\w-]+\s*;\s*/, '');
    const failure = failureOf(fields.get('status') ?? null, said ?? fields.get('status') ?? '');
    if (strongest === null || isStronger(failure.class, strongest.class)) strongest = failure;
  }
  return strongest;
}

/** Fields by their name in lower case, in groups that empty lines part; of a field that stands twice the first. */
function fieldGroups(text: string): Map<string, string>[] {
  const groups = text.replace(/\r\n?/g, '\n').split(/\n[ \t]*\n/);
  return groups.flatMap((group) => {
    const fields = new Map<string, string>();
    for (const line of group.replace(/\n[ \t]+/g, ' ').split('\n')) {
      const [, name, value] = /^([\w-]+)[ \t]*:(.*)$/.exec(line) ?? [];
      if (name !== undefined && !fields.has(name.toLowerCase())) fields.set(name.toLowerCase(), value?.trim() ?? '');
    }
    return fields.size > 0 ? [fields] : [];
  });
}
