import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvReader, type CsvRow, guessDelimiter } from './csv.ts';

/** Reads text that arrives in pieces of so many characters. */
function read(text: string, size = text.length || 1): CsvRow[] {
  const reader = new CsvReader(',');
  const rows: CsvRow[] = [];
  for (let at = 0; at < text.length; at += size) rows.push(...reader.read(text.slice(at, at + size)));
  rows.push(...reader.read('', true));
  return rows;
}

const cells = (rows: CsvRow[]) => rows.map((row) => row.problem?.code ?? row.cells);

describe('csv', () => {
  it('reads quoted cells with delimiters, quotes and line breaks in them', () => {
    expect(cells(read('a,"b,1","say ""hi""\nthere"\r\nc,d,e'))).toEqual([
      ['a', 'b,1', 'say "hi"\nthere'],
      ['c', 'd', 'e'],
    ]);
  });

  it('takes a quote inside a cell for itself', () => {
    expect(cells(read('1,PLATE 5" RED\n'))).toEqual([['1', 'PLATE 5" RED']]);
  });

  it('counts rows as a spreadsheet does: the heading is 1, empty lines count', () => {
    expect(read('h\n\n"a\nb"\nc\n').map(({ row }) => row)).toEqual([1, 3, 4]);
  });

  it('loses the broken line only when a quote is not closed', () => {
    const good = Array.from({ length: 5_000 }, (_, index) => `${index},y`);
    const rows = read(`a,b\n1,"x\n${good.join('\n')}\n`, 1_000);
    expect(rows.map((row) => row.problem?.code).filter(Boolean)).toEqual(['broken_quotes']);
    expect(rows).toHaveLength(5_002);
    expect(rows[1]).toMatchObject({ row: 2, text: '1,"x' });
    expect(rows.at(-1)).toMatchObject({ row: 5_002, cells: ['4999', 'y'] });
  });

  it('loses the broken line only when there is text behind a quote', () => {
    expect(cells(read('"a"b,c\nd,e\n'))).toEqual(['broken_quotes', ['d', 'e']]);
  });

  it('does not keep a line without end in memory', () => {
    const rows = read(
      `a\n${'x'.repeat(1_000_000)}\nb\n"${'y'.repeat(70_000)}"\n"q","${'z'.repeat(100_000)}\nc`,
      50_000,
    );
    expect(cells(rows)).toEqual([['a'], 'row_too_long', ['b'], 'broken_quotes', 'row_too_long', ['c']]);
    expect(rows.every((row) => row.text.length <= 65_536)).toBe(true);
  });

  it('reads back what was written, wherever the pieces end', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', '日', "'") });
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 8 });
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 20 }), fc.constantFrom('\n', '\r\n'), (rows, size, lineEnd) => {
        const text = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',') + lineEnd).join('');
        expect(cells(read(text, size))).toEqual(rows);
      }),
    );
  });

  it('gives the same rows, wherever the pieces end, for any text', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n'), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 9 }), (given, size) => {
        expect(read(given, size)).toEqual(read(given));
      }),
    );
  });

  it('finds the delimiter', () => {
    expect(guessDelimiter('a\tb,c\td\n')).toBe('\t');
    expect(guessDelimiter('"a;b";c;d\n1,2,3,4')).toBe(';');
    expect(guessDelimiter('one\n')).toBe(',');
  });
});
