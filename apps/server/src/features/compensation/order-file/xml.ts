/** What of XML the parts of an xlsx file need, on text that was read as latin1 so that large parts cost nothing to hold. */

/** The value of an attribute in a tag, whatever its prefix; undefined when it is not there. */
export function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`\\s(?:\\w+:)?${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag);
  return found === null ? undefined : decodeText(found[1] ?? found[2] ?? '');
}

/** All tags of a name that open, or are empty. */
export function tags(xml: string, name: string): string[] {
  return xml.match(new RegExp(`<(?:\\w+:)?${name}(?=[\\s/>])[^>]*>`, 'g')) ?? [];
}

/** The text of the first element of a name in a small piece of XML. */
export function elementText(xml: string, name: string): string | undefined {
  const found = new RegExp(`<(?:\\w+:)?${name}(?=[\\s>])[^>]*>([^<]*)<`).exec(xml);
  return found === null ? undefined : decodeText(found[1] ?? '');
}

/** A string of Excel can have 32,767 characters; with its fonts it can be longer, but not by much. */
const maxRichText = 500_000;

/**
 * The text of a string with or without fonts (`<si>`, `<is>`), without the reading aids that Japanese Excel stores beside
 * what was typed (`<rPh>`).
 */
export function richText(xml: string): string {
  let text = '';
  const pieces = xml.slice(0, maxRichText).replace(/<(?:\w+:)?rPh\b[\s\S]*?<\/(?:\w+:)?rPh>/g, '');
  for (const [, piece] of pieces.matchAll(/<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)</g)) text += piece ?? '';
  return decodeText(text).replace(/_x([0-9A-F]{4})_/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeText(latin1: string): string {
  const text = /[\x80-\xff]/.test(latin1) ? Buffer.from(latin1, 'latin1').toString('utf8') : latin1;
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return named[name] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
