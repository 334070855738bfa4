import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFormula, readCell } from './cell.ts';
import { columnName, isHeader } from './find-orders.ts';

const orderNo = fc.stringMatching(/^[0-9A-Za-z][0-9A-Za-z_-]{0,48}$/).filter((text) => !/^\d(?:E|e)\d+$/.test(text));

describe('an order number', () => {
  it('keeps its letters and leading zeros, whatever spaces and marks are around it', () => {
    const around = fc.string({
      unit: fc.constantFrom(' ', '\u3000', '\u00a0', '\u200b', '\ufeff', '\t', '\n'),
      maxLength: 3,
    });
    fc.assert(
      fc.property(around, orderNo, around, (before, text, after) => {
        expect(readCell(`${before}${text}${after}`).orderNo).toBe(text);
        expect(readCell({ t: 's', v: `${before}'${text}${after}` }).orderNo).toBe(text);
      }),
    );
  });

  it('in full-width characters is the same number', () => {
    fc.assert(
      fc.property(orderNo, (text) => {
        const wide = text.replace(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0));
        expect(readCell(wide).orderNo).toBe(text);
      }),
    );
  });

  it('stored as a number has all of its digits, up to the fifteen that spreadsheets keep', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999_999_999 }), (number) => {
        expect(readCell({ t: 'n', v: number, z: 'General' }).orderNo).toBe(String(number));
        expect(readCell({ t: 'n', v: number, z: '#,##0.00' }).orderNo).toBe(String(number));
        expect(readCell({ t: 'n', v: number, z: '000000000' }).orderNo).toBe(String(number).padStart(9, '0'));
      }),
    );
    expect(readCell({ t: 'n', v: 1e15, z: 'General' })).toEqual({ text: '1000000000000000', orderNo: null });
  });

  it.each([
    ['000-0000;[Red]-0', 1234567, '123-4567'],
    ['"A-"0000_ ', 12, 'A-0012'],
    ['0', 12, '12'],
  ])('with the number format %s is what was shown', (format, value, expected) => {
    expect(readCell({ t: 'n', v: value, z: format }).orderNo).toBe(expected);
  });

  it.each([
    ['a fraction', { t: 'n' as const, v: 1.5, z: 'General' }],
    ['a negative number', { t: 'n' as const, v: -5, z: 'General' }],
    ['a date', { t: 'n' as const, v: 46346, z: 'yyyy/mm/dd' }],
    ['an error', { t: 'e' as const, w: '#N/A' }],
    ['a number that was saved as text while its column was too narrow', '2.62750E+11'],
    ['more than 64 characters', 'x'.repeat(65)],
    ['two lines', '262749754\n262749755'],
    ['what is left of bytes in another encoding', '注\ufffd番'],
  ])('is not read from %s', (_what, cell) => {
    expect(readCell(cell).orderNo).toBeNull();
  });

  it('is shown as it stood there, fit to be stored and short', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('\0', '\n', '\ud83d', '\u200b', '花', 'a', '😀'), maxLength: 150 }),
        (raw) => {
          const { text } = readCell(raw);
          expect(text.length).toBeLessThanOrEqual(100);
          expect(/\p{Cc}/u.test(text) || !text.isWellFormed()).toBe(false);
        },
      ),
    );
  });

  it('in a text file may be written ="00123"; anything else with = is a formula', () => {
    expect(readCell('="00123"').orderNo).toBe('00123');
    expect([isFormula('="00123"'), isFormula('=1+1'), isFormula(' =A1'), isFormula('262749754')]).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});

describe('the header', () => {
  it.each([
    'Order No.',
    'order no',
    'ORDER  NUMBER',
    'Ｏｒｄｅｒ　Ｎｏ．',
    'Order №',
    '注文番号',
    '* 注文番号（必須）',
    '주문 번호',
    'オーダー番号',
    'ｵｰﾀﾞｰ番号',
  ])('may be written %s', (text) => expect(isHeader(text)).toBe(true));

  it.each(['', 'No', 'Order date', 'カート番号', '262749754'])('is not %j', (text) =>
    expect(isHeader(text)).toBe(false),
  );
});

describe('columns', () => {
  it('are named as spreadsheet programs name them', () => {
    expect([0, 2, 25, 26, 701, 702, 16_383].map(columnName)).toEqual(['A', 'C', 'Z', 'AA', 'ZZ', 'AAA', 'XFD']);
  });
});
