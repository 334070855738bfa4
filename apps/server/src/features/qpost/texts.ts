import type { Language } from '@coupon-push/contract/common.ts';
import { z } from 'zod';
import type { Db } from '../../db/database.ts';
import { selectTexts } from './db.ts';
import { type QpostKey, writeKey } from './rules.ts';

const textSchema = z.object({
  title: z.string(),
  heading: z.string(),
  body: z.string(),
  button: z.string(),
  buttonUrl: z.string(),
  items: z.array(z.object({ name: z.string(), price: z.string(), imageUrl: z.string(), url: z.string() })),
  footer: z.string().nullable(),
});
export type QpostText = z.infer<typeof textSchema>;

/** A text is at most some kilobytes. */
const keptTexts = 2000;

/**
 * What messages say, as rendered when their push was dispatched. That never changes, and a push's many customers read the
 * same, so a process keeps what was read last: reading one anew means unpacking the whole push's messages.
 */
export class QpostTexts {
  readonly #kept = new Map<string, QpostText>();

  /** By writeKey; what has no text (any more) is missing. */
  async read(db: Db, language: Language, keys: readonly QpostKey[]): Promise<Map<string, QpostText>> {
    const missing = keys.filter((key) => !this.#kept.has(`${language}.${writeKey(key)}`));
    const ofPushes = missing.filter(({ source }) => source === 'push' || source === 'reminder');
    const pushIds = [...new Set(ofPushes.map(({ sourceId }) => sourceId))];
    for (const { pushId, ...texts } of await selectTexts(db, language, pushIds)) {
      for (const source of ['push', 'reminder'] as const) {
        const text = textSchema.safeParse(texts[source]);
        if (text.success) this.#keep(`${language}.${writeKey({ source, sourceId: pushId })}`, text.data);
      }
    }
    return new Map(
      keys.flatMap((key) => {
        const text = this.#kept.get(`${language}.${writeKey(key)}`);
        return text === undefined ? [] : [[writeKey(key), text] as const];
      }),
    );
  }

  #keep(name: string, text: QpostText): void {
    this.#kept.set(name, text);
    if (this.#kept.size <= keptTexts) return;
    for (const oldest of this.#kept.keys()) {
      this.#kept.delete(oldest);
      return;
    }
  }
}
