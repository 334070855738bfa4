const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Safe in HTML text and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/**
 * Keeps values out of a template language: `put` hands out a plain mark to write into the template, `fill` replaces the
 * marks in what the template engine made of it by the values, escaped. The engine never sees a value, so no value can be
 * an instruction to it.
 */
export class Values {
  #values: string[] = [];

  put(value: string): string {
    this.#values.push(escapeHtml(value));
    return `\ue002${this.#values.length - 1}\ue003`;
  }

  fill(html: string): string {
    return html.replace(/\ue002(\d+)\ue003/g, (_mark, index) => this.#values[Number(index)] ?? '');
  }
}
