import { encodeWord } from 'nodemailer/lib/mime-funcs';
import { encode, wrap } from 'nodemailer/lib/qp';

const crlf = '\r\n';

/** A header field whose text is free: as RFC 2047 encoded words where it is not plain ASCII, folded. */
export function textHeader(name: string, text: string): string {
  return `${name}: ${encodedText(text)}${crlf}`;
}

/** An address with its display name, as in `From`. `address` has been checked (asciiAddress). */
export function addressHeader(name: string, display: string, address: string): string {
  // On a line of its own: an encoded name may already fill the first.
  return `${name}: ${encodedText(display)}${crlf} <${address}>${crlf}`;
}

/** 64 characters a word: with the longest field name used here a line stays within 76. */
function encodedText(text: string): string {
  // Words of letters and digits mean themselves anywhere; everything else is encoded, so that nothing has to be quoted.
  if (/^[A-Za-z0-9]+( [A-Za-z0-9]+)*$/.test(text) && text.length <= 60) return text;
  return encodeWord(text, 'B', 64).replaceAll('?= =?', `?=${crlf} =?`);
}

/**
 * Text in quoted-printable, cut where `placeholder` stands. A value that is safe in quoted-printable and at most 75
 * characters can be put between any two pieces: it has a line of its own there.
 */
export function quotedPrintable(text: string, placeholder: string): string[] {
  const pieces = text.replace(/\r\n|\r|\n/g, crlf).split(placeholder);
  return pieces.map((piece, index) => {
    const start = index === 0 ? '' : `=${crlf}`;
    const end = index === pieces.length - 1 ? '' : `=${crlf}`;
    return start + wrap(encode(piece), 75) + end;
  });
}
