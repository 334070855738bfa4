import type { Language } from '@coupon-push/i18n/languages.ts';
import type { Db } from '../db/database.ts';
import { type EmailTemplate, prepareEmail } from '../messages/email-template.ts';
import type { RenderedMessage } from '../messages/render.ts';

interface Context {
  db: Db;
  publicUrl: string;
}

const mostKept = 64;
/** By push, for those that this process sends now. A message never changes once it is rendered. */
const kept = new Map<string, Promise<PushTemplates>>();

/**
 * The message of a push in a language, prepared once per process.
 * @throws Error when the push has no message, which a dispatched push always has.
 */
export async function emailTemplate(context: Context, pushId: number, language: Language): Promise<EmailTemplate> {
  const key = keyOf(context, pushId);
  return (await (kept.get(key) ?? keep(key, load(context, pushId)))).in(language);
}

/** Whoever dispatched a push has its messages at hand, and sends its first e-mails. */
export function keepEmailTemplates(context: Context, pushId: number, messages: readonly RenderedMessage[]): void {
  void keep(keyOf(context, pushId), Promise.resolve(new PushTemplates(messages, context.publicUrl)));
}

function keyOf({ publicUrl }: Context, pushId: number): string {
  return `${publicUrl} ${pushId}`;
}

function keep(key: string, templates: Promise<PushTemplates>): Promise<PushTemplates> {
  kept.set(key, templates);
  templates.catch(() => kept.delete(key));
  const [oldest = ''] = kept.keys();
  if (kept.size > mostKept) kept.delete(oldest);
  return templates;
}

async function load({ db, publicUrl }: Context, pushId: number): Promise<PushTemplates> {
  const rows = await db.selectFrom('push_message').where('push_id', '=', pushId).select('message').execute();
  return new PushTemplates(
    rows.map((row) => row.message as RenderedMessage),
    publicUrl,
  );
}

/** Of one push; each language is prepared when somebody has it. */
class PushTemplates {
  readonly #messages: readonly RenderedMessage[];
  readonly #options: Parameters<typeof prepareEmail>[1];
  readonly #prepared = new Map<Language, EmailTemplate>();

  constructor(messages: readonly RenderedMessage[], publicUrl: string) {
    this.#messages = messages;
    this.#options = { publicUrl, messageIdDomain: new URL(publicUrl).hostname };
  }

  in(language: Language): EmailTemplate {
    const known = this.#prepared.get(language);
    if (known !== undefined) return known;
    const message = this.#messages.find((one) => one.language === language);
    if (message === undefined) throw new Error(`the push has no message in ${language}`);
    const template = prepareEmail(message, this.#options);
    this.#prepared.set(language, template);
    return template;
  }
}
