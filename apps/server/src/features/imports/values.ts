import type { CsvRow } from '../../lib/csv.ts';

/**
 * Cells into values. Every parser takes the text of one cell, which is not empty, and returns the value as PostgreSQL
 * reads it, or the problem. They run once per cell of a million rows, so they allocate nothing on the way to a good value.
 */

/** Why a cell or a row cannot be used: a code for programs, a sentence for people. */
export class Problem {
  readonly code: ProblemCode;
  readonly sentence: string;
  constructor(code: ProblemCode, sentence: string) {
    this.code = code;
    this.sentence = sentence;
  }
}

export type ProblemCode =
  | 'missing'
  | 'too_long'
  | 'undecodable'
  | 'control_character'
  | 'not_text'
  | 'not_a_number'
  | 'out_of_range'
  | 'too_many_decimals'
  | 'not_a_date'
  | 'not_yes_or_no'
  | 'unknown_language'
  | 'unknown_state'
  | 'not_an_email'
  | 'not_a_url'
  | 'category_without_parent'
  | 'unknown_shop'
  | 'unknown_customer'
  | 'order_of_another_shop'
  | 'order_of_another_customer'
  | 'wrong_columns'
  | 'broken_quotes'
  | 'not_json'
  | 'row_too_long';

/** A row of a csv or ndjson file. */
export interface FileRow extends Omit<CsvRow, 'problem'> {
  problem?: Problem;
}

/** What the values of an import depend on. */
export interface ValueContext {
  currency: string;
  /** Decimal places of the currency: JPY 0, USD 2. */
  decimals: number;
  /** shop_no to shop.id. */
  shops: ReadonlyMap<string, number>;
}

export type Value = string | Problem;

// Also U+FFFD, which is what bytes that are not of the encoding become, and halves of surrogate pairs (JSON can have them).
const unusable = /[[\p{Cc}--[\t\r\n]]\p{Cs}\ufffd]/v;
const lineBreaks = /[\t\r\n]+/g;

function quoted(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return `"${short.replace(/[\p{Cc}\p{Cs}]+/gu, ' ')}"`;
}

function checkText(text: string, maxLength: number): Problem | undefined {
  if (text.length > maxLength) {
    return new Problem('too_long', `This has ${text.length} characters; ${maxLength} are allowed.`);
  }
  if (!unusable.test(text)) return undefined;
  if (text.includes('\ufffd')) {
    return new Problem(
      'undecodable',
      "There are characters that are not in the file's encoding: pass --encoding utf-8, cp932 or cp949.",
    );
  }
  return new Problem('control_character', 'There are control characters in it, which no name or number has.');
}

/** A number or key that people were given elsewhere: kept as it is, leading zeros and letters too. */
export function parseKey(text: string): Value {
  const problem = checkText(text, 64);
  if (problem !== undefined) return problem;
  if (/[\t\r\n]/.test(text)) return new Problem('control_character', 'A number or key cannot have line breaks in it.');
  return text;
}

/** One line of text for people; line breaks in it become spaces. */
export function parseLine(text: string, maxLength: number): Value {
  return checkText(text, maxLength) ?? text.replace(lineBreaks, ' ');
}

/** Full-width digits and signs, as Japanese and Korean files have them, become plain ones. */
function plain(text: string): string {
  return /^\p{ASCII}*$/u.test(text) ? text : text.normalize('NFKC').trim();
}

const number = /^-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?$/;
const currencySign = /^(?:[¥￥₩￦$£€]|JPY|KRW|USD|EUR|GBP)\s*|\s*(?:円|원|ウォン|엔|JPY|KRW|USD|EUR|GBP)$/gi;
/** Far above any order, and far below where a number loses its last digit. */
const maxMoney = 1e12;

/**
 * An amount as people write it, in the currency's main unit (`1,234`, `¥1,234`, `12.50`), into minor units.
 * With a factor (a file in another currency) the result is rounded; without one, a fraction of a minor unit is a problem,
 * unless it is the noise of a binary fraction (22.200000000000003).
 */
export function parseMoney(text: string, context: ValueContext, factor: number | undefined): Value {
  // What almost every cell is, at a fifth of the cost.
  if (context.decimals === 0 && factor === undefined && /^[1-9]\d{0,11}$/.test(text)) return text;
  const digits = plain(text).replace(currencySign, '');
  if (!number.test(digits))
    return new Problem('not_a_number', `${quoted(text)} is not an amount: write it like 1234.5.`);
  const exact = Number(digits.replaceAll(',', '')) * (factor ?? 1) * 10 ** context.decimals;
  const rounded = Math.round(exact);
  if (rounded < 0 || rounded > maxMoney) {
    return new Problem('out_of_range', `${quoted(text)} is below zero or too large.`);
  }
  if (factor === undefined && Math.abs(exact - rounded) > 1e-4) {
    const places = context.decimals === 0 ? 'no decimal places' : `${context.decimals} decimal places`;
    return new Problem('too_many_decimals', `${quoted(text)}: ${context.currency} has ${places}.`);
  }
  return String(rounded);
}

/** A whole number from `min` up. */
export function parseCount(text: string, min: number): Value {
  const digits = plain(text).replaceAll(',', '');
  const value = /^\d{1,12}(?:\.0*)?$/.test(digits) ? Number(digits) : Number.NaN;
  if (Number.isNaN(value)) return new Problem('not_a_number', `${quoted(text)} is not a whole number.`);
  if (value < min || value > 2_147_483_647) {
    return new Problem('out_of_range', `${quoted(text)} is not from ${min} to 2147483647.`);
  }
  return String(value);
}

const isoMoment = /^(?:19|2\d)\d\d-[01]\d-[0-3]\d(?:[ T](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?Z?)?$/;
const day = /^(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|(\d{2})(\d{2})|[年년]\s*(\d{1,2})[月월]\s*(\d{1,2})[日일])$/;
const time = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/i;
const dayAndTime = /^(.*?[\d日일])(?:[T\s]+(\d{1,2}:.*))?$/i;

/**
 * A calendar day (its first moment) or a moment, into what PostgreSQL reads as timestamptz: without an offset it is in the
 * session's time zone, which an import sets to the marketplace's. Days that do not exist are a problem.
 */
export function parseMoment(text: string): Value {
  // What almost every cell is, at a fifth of the cost.
  if (isoMoment.test(text) && isDay(Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10)))) {
    return text;
  }
  const [, dayText = '', timeText] = dayAndTime.exec(plain(text)) ?? [];
  const found = day.exec(dayText);
  if (found !== null) {
    const year = Number(found[1]);
    const month = Number(found[2] ?? found[4] ?? found[6]);
    const date = Number(found[3] ?? found[5] ?? found[7]);
    const clock = timeText === undefined ? ' 00:00:00' : parseTime(timeText);
    if (clock !== undefined && year >= 1900 && isDay(year, month, date)) {
      return `${found[1]}-${month < 10 ? '0' : ''}${month}-${date < 10 ? '0' : ''}${date}${clock}`;
    }
  }
  return new Problem('not_a_date', `${quoted(text)} is not a date: write 2026-01-31 or 2026-01-31T10:20:30+09:00.`);
}

/** ` hh:mm:ss` with the offset, if there is one; fractions of a second are dropped. */
function parseTime(text: string): string | undefined {
  const found = time.exec(text);
  if (found === null) return undefined;
  const [, hour = '', minute = '', second = '00', offset = ''] = found;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (offset.length > 1 && (Number(offset.slice(1, 3)) > 14 || Number(offset.slice(3).replace(':', '')) > 59)) {
    return undefined;
  }
  return ` ${hour.padStart(2, '0')}:${minute}:${second}${offset.toUpperCase()}`;
}

function isDay(year: number, month: number, date: number): boolean {
  if (month < 1 || month > 12 || date < 1) return false;
  if (date <= 28) return true;
  if (month === 2) return date === 29 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return date <= (month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31);
}

const yesAndNo = new Map<string, 't' | 'f'>([
  ...['yes', 'y', '1', 'true', 't', 'on', 'はい', '有', '○', '예', '네'].map((word) => [word, 't'] as const),
  ...['no', 'n', '0', 'false', 'f', 'off', 'いいえ', '無', '×', '아니오', '아니요'].map((word) => [word, 'f'] as const),
]);

/** yes or no, in the ways that files write it: `t` or `f`. */
export function parseYesNo(text: string): Value {
  return (
    yesAndNo.get(text) ??
    yesAndNo.get(plain(text).toLowerCase()) ??
    new Problem('not_yes_or_no', `${quoted(text)} is neither yes nor no: write yes or no, true or false, 1 or 0.`)
  );
}

/**
 * Since when something is so: a moment, or yes without one, which becomes `-infinity` (the import puts in what it knows
 * already, or its own time). No becomes `infinity`, which stands for the same as an empty cell: it is not so.
 */
export function parseSince(text: string): Value {
  const answer = yesAndNo.get(plain(text).toLowerCase());
  if (answer !== undefined) return answer === 't' ? '-infinity' : 'infinity';
  const moment = parseMoment(text);
  if (typeof moment === 'string') return moment;
  return new Problem('not_a_date', `${quoted(text)} is neither yes, no nor a date: write yes, no or 2026-01-31.`);
}

const languages = new Map<string, string>([
  ...['ja', 'jp', 'jpn', 'ja-jp', 'ja_jp', 'japanese', '日本語', '일본어'].map((word) => [word, 'ja'] as const),
  ...['ko', 'kr', 'kor', 'ko-kr', 'ko_kr', 'korean', '한국어', '韓国語'].map((word) => [word, 'ko'] as const),
  ...['en', 'eng', 'en-us', 'en_us', 'en-gb', 'english', '英語', '영어'].map((word) => [word, 'en'] as const),
]);

export function parseLanguage(text: string): Value {
  return (
    languages.get(text) ??
    languages.get(plain(text).toLowerCase()) ??
    new Problem('unknown_language', `${quoted(text)} is not a language of ours: write ja, ko or en.`)
  );
}

const states = new Map<string, string>([
  ...['paid', '支払済', '支払済み', '入金済み', '결제완료', '입금완료'].map((word) => [word, 'paid'] as const),
  ...['shipped', '発送済', '発送済み', '出荷済み', '배송중', '발송완료'].map((word) => [word, 'shipped'] as const),
  ...['delivered', '配達済み', '配達完了', '配送完了', '배송완료'].map((word) => [word, 'delivered'] as const),
  ...['cancelled', 'canceled', 'キャンセル', 'キャンセル済み', '취소', '취소완료'].map(
    (word) => [word, 'cancelled'] as const,
  ),
]);

export function parseState(text: string): Value {
  return (
    states.get(text) ??
    states.get(plain(text).toLowerCase()) ??
    new Problem('unknown_state', `${quoted(text)} is not a state: write paid, shipped, delivered or cancelled.`)
  );
}

/** What can be put behind `RCPT TO:` without quoting: nothing that could end the command or start another header. */
const email = /^[^\s@<>()[\]\\,;:"]{1,64}@[^\s@<>()[\]\\,;:"]+\.[^\s@<>()[\]\\,;:".]{2,}$/;

export function parseEmail(text: string): Value {
  const problem = checkText(text, 254);
  if (problem !== undefined) return problem;
  return email.test(text) ? text : new Problem('not_an_email', `${quoted(text)} is not an e-mail address.`);
}

export function parseUrl(text: string): Value {
  const problem = checkText(text, 2000);
  if (problem !== undefined) return problem;
  const url = /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username !== '') {
    return new Problem('not_a_url', `${quoted(text)} is not an address that begins with http:// or https://.`);
  }
  return url.href;
}

/** A shop's number into its id. */
export function parseShop(text: string, context: ValueContext): Value {
  const id = context.shops.get(text);
  return id === undefined
    ? new Problem('unknown_shop', `There is no shop with the number ${quoted(text)}.`)
    : String(id);
}
