import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

export const encodings = ['utf-8', 'cp932', 'cp949', 'utf-16le'] as const;
export type Encoding = (typeof encodings)[number];

/**
 * Guesses from a file's first bytes. Text that is not UTF-8 is taken for Japanese or Korean by which of the two it looks
 * more like; a file that begins with 64 KB of plain ASCII counts as UTF-8.
 */
export function guessEncoding(sample: Buffer): Encoding {
  if (sample[0] === 0xff && sample[1] === 0xfe) return 'utf-16le';
  if (isUtf8(withoutBrokenEnd(sample))) return 'utf-8';
  return koreanShare(sample) > japaneseShare(sample) ? 'cp949' : 'cp932';
}

/** The sample may end in the middle of a character; at most three bytes of it are there. */
function withoutBrokenEnd(sample: Buffer): Buffer {
  for (let back = 1; back <= Math.min(4, sample.length); back += 1) {
    const byte = sample[sample.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) return sample.subarray(0, sample.length - back);
  }
  return sample;
}

/** How much of what is not ASCII is common Japanese, read as CP932. Korean text becomes half-width kana in it. */
function japaneseShare(sample: Buffer): number {
  return share(iconv.decode(sample, 'cp932'), /[\u3001-\u30ff\u4e00-\u9fff\uff01-\uff5e]/g);
}

/** The same for Korean syllables, read as CP949. Japanese text becomes rare syllables and Hanja in it. */
function koreanShare(sample: Buffer): number {
  return share(iconv.decode(sample, 'cp949'), /[\uac00-\ud7a3]/g);
}

function share(text: string, typical: RegExp): number {
  const other = text.replace(/\p{ASCII}/gu, '');
  return other === '' ? 0 : (other.match(typical)?.length ?? 0) / other.length;
}

/** Decodes piece by piece; bytes that are not of the encoding become U+FFFD. A byte order mark is dropped. */
export interface Decoder {
  write(bytes: Buffer): string;
  end(): string;
}

export function makeDecoder(encoding: Encoding): Decoder {
  if (encoding === 'utf-8' || encoding === 'utf-16le') {
    // Several times as fast as iconv-lite, and drops the byte order mark by itself.
    const decoder = new TextDecoder(encoding);
    return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
  }
  const decoder = iconv.getDecoder(encoding);
  return { write: (bytes) => decoder.write(bytes), end: () => decoder.end() ?? '' };
}
