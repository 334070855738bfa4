import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { file, outcome, overlapping, spreadsheetMl, withPart, withSheet } from '../../../../test/order-files.ts';
import { unpack, zipEntries } from './zip.ts';

const sheetPart = 'xl/worksheets/sheet1.xml';

describe('a hostile file does no harm', () => {
  it('that unpacks to a thousand times its size', () => {
    expect(outcome(withSheet(' '.repeat(50_000_000), { packed: true }))).toEqual({ code: 'order_file_too_slow' });
  });

  it('that unpacks to more than it claims', () => {
    const bytes = withSheet(' '.repeat(5_000_000), { packed: true, claimed: 500 });
    expect(outcome(bytes)).toEqual({ code: 'order_file_kind' });
  });

  it('whose parts overlap, so that a little is unpacked many times', () => {
    const part = Buffer.from(Array.from({ length: 500_000 }, (_, index) => `<row r="${index}"/>`).join(''));
    const names = Array.from({ length: 30 }, (_, index) => `xl/worksheets/more${index}.xml`);
    expect(outcome(overlapping(part, names))).toEqual({ code: 'order_file_too_slow' });
  });

  it('with a row of a million columns', () => {
    const cells = Array.from({ length: 1_000_000 }, (_, index) => `<c><v>${index % 9_973}</v></c>`);
    expect(outcome(withSheet(`<row>${cells.join('')}</row>`, { packed: true }))).toEqual(['1 0']);
    expect(outcome(`Order No.\n${'1,'.repeat(1_000_000)}\n262749754\n`)).toEqual([
      `2 ? ${'1,'.repeat(50)}`,
      '3 262749754',
    ]);
  });

  it('that is one line of 9 MB', () => {
    expect(outcome('1'.repeat(9_000_000))).toEqual({ code: 'order_file_empty' });
    expect(outcome('"'.repeat(9_000_000))).toEqual({ code: 'order_file_empty' });
  });

  it('with cells at the end of the world', () => {
    const cell = '<Cell ss:Index="2000000000"><Data ss:Type="String">1</Data></Cell>';
    expect(outcome(spreadsheetMl(`<Row>${cell}</Row><Row ss:Index="4000000000">${cell}</Row>`))).toEqual({
      code: 'order_file_empty',
    });
    expect(outcome(withSheet('<row r="99999999999"><c r="A1"><v>1</v></c></row>'))).toEqual({
      code: 'order_file_kind',
    });
  });

  it('whose sectors follow each other in a circle', () => {
    const bytes = Buffer.from(file('xlwt.xls'));
    const table = (bytes.readUInt32LE(76) + 1) * 512;
    bytes.writeUInt32LE(0, table);
    expect(outcome(bytes)).toEqual({ code: 'order_file_kind' });
  });

  it('that is a good one with some bytes changed: it is read or refused', () => {
    const good = [
      'libreoffice-mixed.xls',
      'xlwt.xls',
      'excel.xlsx',
      'excel-html.xls',
      'excel-2003-xml.xls',
      'excel-cp932.csv',
    ];
    const change = fc.record({
      at: fc.double({ min: 0, max: 0.999, noNaN: true }),
      byte: fc.integer({ min: 0, max: 255 }),
    });
    const changes = fc.array(change, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.constantFrom(...good), changes, (name, list) => {
        const answer = outcome(changed(file(name), list)); // throws when it is anything but a refusal
        expect(answer).toBeDefined();
      }),
      { numRuns: 200 },
    );
  });
});

function changed(bytes: Buffer, list: { at: number; byte: number }[]): Buffer {
  const isZip = bytes.toString('latin1', 0, 2) === 'PK';
  // In a zip archive the sheet is changed: or else nothing but its check sum would be tested.
  const sheet = isZip ? unpack(bytes, zipEntries(bytes)).get(sheetPart) : undefined;
  const target = sheet === undefined ? Buffer.from(bytes) : Buffer.from(sheet, 'latin1');
  for (const { at, byte } of list) target[Math.floor(at * target.length)] = byte;
  return sheet === undefined ? target : withPart(bytes, sheetPart, target);
}
