import type { Db } from '../db/database.ts';
import { type EmailTemplate, prepareEmail } from '../messages/email-template.ts';
import type { RenderedMessage } from '../messages/render.ts';

const kept = 64;
/** By push and language, for the pushes that this process sends now. A message never changes once it is rendered. */
const templates = new Map<string, Promise<EmailTemplate>>();

/**
 * The message of a push in a language, prepared once per process.
 * @throws Error when the push has no message, which a dispatched push always has.
 */
export async function emailTemplate(
  context: { db: Db; publicUrl: string },
  pushId: number,
  language: 'ja' | 'ko' | 'en',
): Promise<EmailTemplate> {
  const key = `${context.publicUrl} ${pushId} ${language}`;
  const known = templates.get(key);
  if (known !== undefined) return await known;
  const template = prepare(context, pushId, language);
  templates.set(key, template);
  template.catch(() => templates.delete(key));
  for (const oldest of templates.keys()) {
    if (templates.size <= kept) break;
    templates.delete(oldest);
  }
  return await template;
}

async function prepare(
  { db, publicUrl }: { db: Db; publicUrl: string },
  pushId: number,
  language: 'ja' | 'ko' | 'en',
): Promise<EmailTemplate> {
  const row = await db
    .selectFrom('push_message')
    .where('push_id', '=', pushId)
    .where('language', '=', language)
    .select('message')
    .executeTakeFirstOrThrow();
  const messageIdDomain = new URL(publicUrl).hostname;
  return prepareEmail(row.message as RenderedMessage, { publicUrl, messageIdDomain });
}
