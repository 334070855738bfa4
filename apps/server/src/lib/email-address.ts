import { domainToASCII, domainToUnicode } from 'node:url';

const dotAtom = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
/** Dots where RFC 5321 has none: Japanese carriers gave out such addresses (`a..b.@`); they go quoted. */
const looseDots = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+$/;
const domainLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

/**
 * An e-mail address as it may be written into an SMTP command or a header field: ASCII, an international domain in
 * its ASCII form, and nothing in it that could end the field. Null for what cannot be written so.
 */
export function asciiAddress(address: string): string | null {
  const at = address.lastIndexOf('@');
  if (at < 1 || address.length > 254) return null;
  const local = localPart(address.slice(0, at));
  const domain = asciiDomain(address.slice(at + 1));
  return local === null || domain === null ? null : `${local}@${domain}`;
}

/** Is mail to the one mail to the other? A mail server or provider names an address as it was written to it. */
export function isSameAddress(one: string, other: string): boolean {
  return one === other || sentTo(one) === sentTo(other);
}

function sentTo(address: string): string {
  return (asciiAddress(unquoted(address)) ?? address).toLowerCase();
}

/** How an address that somebody else names can stand with us. */
export function spellings(address: string): string[] {
  const plain = unquoted(address);
  const at = plain.lastIndexOf('@') + 1;
  const [local, domain] = [plain.slice(0, at), plain.slice(at)];
  const domains = [domain, domainToASCII(domain), domainToUnicode(domain)].filter(Boolean);
  return [...new Set(domains.map((one) => local + one))];
}

function unquoted(address: string): string {
  return address.replace(/^"([^"\\]+)"@/, '$1@');
}

function localPart(local: string): string | null {
  if (local.length > 64) return null;
  if (dotAtom.test(local)) return local;
  return looseDots.test(local) ? `"${local}"` : null;
}

function asciiDomain(domain: string): string | null {
  // domainToASCII reads a domain as a URL's host and would make an address of a number, or drop what it has no use for.
  const ascii = /^[\x21-\x7e]*$/.test(domain) ? domain : domainToASCII(domain);
  const labels = ascii.split('.');
  return ascii.length <= 253 && labels.every((label) => domainLabel.test(label)) ? ascii : null;
}
