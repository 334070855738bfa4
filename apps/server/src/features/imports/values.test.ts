import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Problem,
  parseCount,
  parseEmail,
  parseKey,
  parseLanguage,
  parseLine,
  parseMoment,
  parseMoney,
  parseSince,
  parseState,
  parseUrl,
  parseYesNo,
  type Value,
} from './values.ts';

const yen = { currency: 'JPY', decimals: 0, shops: new Map() };
const dollars = { currency: 'USD', decimals: 2, shops: new Map() };

function codeOf(value: Value): string {
  return value instanceof Problem ? value.code : `good: ${value}`;
}

describe('amounts', () => {
  it.each([
    ['1200', '1200'],
    ['1,200', '1200'],
    ['¥1,200', '1200'],
    ['１，２００円', '1200'],
    ['2,000원', '2000'],
    ['0', '0'],
    ['22.00', '22'],
    ['22.00000000000003', '22'],
  ])('%s is %s yen', (text, minor) => {
    expect(parseMoney(text, yen, undefined)).toBe(minor);
  });

  it.each([
    ['12.50', '1250'],
    ['$1,234.5', '123450'],
    ['22.200000000000003', '2220'],
    ['.5', 'not_a_number'],
    ['12.505', 'too_many_decimals'],
    ['-1', 'out_of_range'],
    ['1,23', 'not_a_number'],
    ['1e9', 'not_a_number'],
    ['99999999999999', 'out_of_range'],
    ['twelve', 'not_a_number'],
  ])('%s in dollars: %s', (text, outcome) => {
    const value = parseMoney(text, dollars, undefined);
    expect(value instanceof Problem ? value.code : value).toBe(outcome);
  });

  it('rounds what is multiplied', () => {
    expect(parseMoney('22.200000000000003', yen, 190)).toBe('4218');
    expect(parseMoney('0.29', yen, 190)).toBe('55');
  });

  it('reads back every amount of cents, however it is grouped', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999_999 }), fc.boolean(), (cents, grouped) => {
        const text = (cents / 100).toLocaleString('en', { minimumFractionDigits: 2, useGrouping: grouped });
        expect(parseMoney(text, dollars, undefined)).toBe(String(cents));
      }),
    );
  });
});

describe('days and moments', () => {
  it.each([
    ['2026-01-31', '2026-01-31'],
    ['2026/1/5', '2026-01-05 00:00:00'],
    ['2026.01.05', '2026-01-05 00:00:00'],
    ['20260105', '2026-01-05 00:00:00'],
    ['2026年1月5日', '2026-01-05 00:00:00'],
    ['2026년 1월 5일 9:30', '2026-01-05 09:30:00'],
    ['2026-01-31 10:20', '2026-01-31 10:20'],
    ['2026-01-31T10:20:30.123+09:00', '2026-01-31 10:20:30+09:00'],
    ['2026-01-31t10:20:30z', '2026-01-31 10:20:30Z'],
    ['2024-02-29', '2024-02-29'],
  ])('reads %s', (text, value) => {
    expect(parseMoment(text)).toBe(value);
  });

  it.each([
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '12/1/2010 8:26',
    '46052',
    '2026-01-01 24:00',
    '2026-01-01 10:60',
    '2026-01-01T10:00:00+15:00',
    '0001-01-01',
    'infinity',
    'now',
    "2026-01-01'; drop table fellow; --",
  ])('refuses %s', (text) => {
    expect(codeOf(parseMoment(text))).toBe('not_a_date');
  });

  it('reads every day that exists, and no other', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1900, max: 2999 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 31 }),
        (year, month, date) => {
          const text = `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
          const day = new Date(Date.UTC(year, month - 1, date));
          expect(typeof parseMoment(text) === 'string').toBe(day.getUTCDate() === date);
          expect(typeof parseMoment(`${year}/${month}/${date}`) === 'string').toBe(day.getUTCDate() === date);
        },
      ),
    );
  });

  it('takes yes and no for "since when", and stays silent about when', () => {
    expect(parseSince('yes')).toBe('-infinity');
    expect(parseSince('0')).toBe('infinity');
    expect(parseSince('2026-01-31')).toBe('2026-01-31');
    expect(codeOf(parseSince('perhaps'))).toBe('not_a_date');
  });
});

describe('words', () => {
  it.each(['yes', 'Y', '1', 'TRUE', 'はい', '예'])('%s is yes', (text) => expect(parseYesNo(text)).toBe('t'));
  it.each(['no', 'N', '0', 'False', 'いいえ', '아니오'])('%s is no', (text) => expect(parseYesNo(text)).toBe('f'));
  it('knows languages and states by their names', () => {
    expect(parseLanguage('JA')).toBe('ja');
    expect(parseLanguage('한국어')).toBe('ko');
    expect(parseState('キャンセル')).toBe('cancelled');
    expect(parseState('배송완료')).toBe('delivered');
    expect(codeOf(parseYesNo('maybe'))).toBe('not_yes_or_no');
    expect(codeOf(parseLanguage('tlh'))).toBe('unknown_language');
    expect(codeOf(parseState('lost'))).toBe('unknown_state');
  });
  it('reads counts', () => {
    expect(parseCount('1,234', 1)).toBe('1234');
    expect(codeOf(parseCount('0', 1))).toBe('out_of_range');
    expect(codeOf(parseCount('1.5', 1))).toBe('not_a_number');
  });
});

describe('texts', () => {
  it.each(['a@example.com', "o'neil+x@mail.example.co.jp", '山田@例え.jp'])('%s is an address', (text) =>
    expect(parseEmail(text)).toBe(text),
  );
  it.each([
    'a@b',
    'a b@example.com',
    'a@example.com\r\nBcc: x@example.com',
    '<a@example.com>',
    'a@example.com,b@example.com',
    '@example.com',
  ])('%j is not an address', (text) => expect(codeOf(parseEmail(text))).toBe('not_an_email'));
  it('takes web addresses only', () => {
    expect(parseUrl('https://example.com/a b.png')).toBe('https://example.com/a%20b.png');
    expect(codeOf(parseUrl('javascript:alert(1)'))).toBe('not_a_url');
    expect(codeOf(parseUrl('https://user@example.com/'))).toBe('not_a_url');
  });
  it('keeps numbers as they were given', () => {
    expect(parseKey('000123-A')).toBe('000123-A');
    expect(parseKey('=1+1')).toBe('=1+1');
    expect(codeOf(parseKey('x'.repeat(65)))).toBe('too_long');
    expect(codeOf(parseKey('a\0b'))).toBe('control_character');
    expect(codeOf(parseKey('a\nb'))).toBe('control_character');
  });
  it('keeps emoji, and refuses halves of them', () => {
    expect(parseLine('🎁 gift', 20)).toBe('🎁 gift');
    expect(codeOf(parseLine('\ud83c gift', 20))).toBe('control_character');
    expect(codeOf(parseLine('gi\ufffdft', 20))).toBe('undecodable');
    expect(parseLine('two\r\nlines', 20)).toBe('two lines');
  });
  it('never throws, and never lets a line break or a NUL through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const value of [
          parseKey(text),
          parseLine(text, 100),
          parseEmail(text),
          parseUrl(text),
          parseMoment(text),
          parseMoney(text, yen, 2),
          parseSince(text),
        ]) {
          if (typeof value === 'string') expect(value).not.toMatch(/[\0\r\n\t]/);
        }
      }),
    );
  });
});
