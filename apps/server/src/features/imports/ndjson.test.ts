import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NdjsonReader, namesIn } from './ndjson.ts';
import { escapeFormula, unescapeFormula } from './rejected-file.ts';
import type { FileRow } from './values.ts';

/** Reads text that arrives in pieces of so many characters. */
function read(text: string, size: number, reader: NdjsonReader): FileRow[] {
  const rows: FileRow[] = [];
  for (let at = 0; at < text.length; at += size) rows.push(...reader.read(text.slice(at, at + size)));
  rows.push(...reader.read('', true));
  return rows;
}

const cells = (rows: FileRow[]) => rows.map((row) => row.problem?.code ?? row.cells);

describe('ndjson', () => {
  const reader = () => new NdjsonReader(['no', 'total']);

  it('reads one object per line, and tells an empty cell from one that is not there', () => {
    const text = '{"no":"007","total":1200}\n\n{"total":null,"no":true}\n{"no":"1"}\n';
    expect(read(text, 7, reader())).toMatchObject([
      { row: 1, cells: ['007', '1200'] },
      { row: 3, cells: ['true', ''] },
      { row: 4, cells: ['1', undefined] },
    ]);
  });

  it('names what cannot be read', () => {
    const text = '{"no":\n[1]\n{"no":{"a":1}}\n{"no":12345678901234567890}\n{"__proto__":{"no":"x"},"total":"1"}';
    expect(cells(read(text, 1_000, reader()))).toEqual([
      'not_json',
      'not_json',
      'not_text',
      'not_text',
      [undefined, '1'],
    ]);
  });

  it('does not keep a line without end in memory', () => {
    expect(cells(read(`{"no":"${'x'.repeat(500_000)}"}\n{"no":"1"}`, 50_000, reader()))).toEqual([
      'row_too_long',
      ['1', undefined],
    ]);
  });

  it('collects the names of the first lines', () => {
    expect(namesIn('{"a":1}\n{"b":2,"a":3}\n{"cut')).toEqual(['a', 'b']);
  });
});

describe('the file of rejected rows', () => {
  it('defuses formulas and gives them back', () => {
    expect(escapeFormula('=HYPERLINK("x")')).toBe('\'=HYPERLINK("x")');
    expect(escapeFormula('-5')).toBe('-5');
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', '1', 'a', '\t') }), (text) => {
        expect(unescapeFormula(escapeFormula(text))).toBe(text);
      }),
    );
  });
});
