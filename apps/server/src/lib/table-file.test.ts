import type { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { readXlsx } from 'hucre/xlsx';
import { describe, expect, it } from 'vitest';
import { until } from '../../test/books.ts';
import { csvFile, type Table, type TableColumn, xlsxFile } from './table-file.ts';

interface Row {
  name: string | null;
  id: number;
  amount: number | null;
  share: number;
  at: Date | null;
}

const columns: TableColumn<Row>[] = [
  { heading: '名前', kind: 'text', value: (row) => row.name },
  { heading: '番号', kind: 'id', value: (row) => row.id },
  { heading: '金額 (JPY)', kind: 'number', value: (row) => row.amount },
  { heading: '率', kind: 'percent', value: (row) => row.share },
  { heading: '日時 (JST)', kind: 'moment', value: (row) => row.at },
];

const row = (more: Partial<Row> = {}): Row => ({ name: 'a', id: 10001, amount: 1200, share: 0.125, at: null, ...more });

function table(...pages: Row[][]): Table<Row> {
  return {
    name: '一覧',
    columns,
    zone: 'Asia/Tokyo',
    pages: (async function* () {
      yield* pages;
    })(),
  };
}

async function csvRows(file: Readable): Promise<string[][]> {
  return parse(await text(file), { bom: true });
}

async function sheets(file: Readable) {
  return (await readXlsx(await buffer(file))).sheets;
}

const formulas = [
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '\n=1',
  ' =1',
  '＝1+1',
  '＋1',
  '－1',
  '＠SUM',
  `=cmd|' /C calc'!A0`,
  '=HYPERLINK("http://example.com","x")',
];

describe('a csv file', () => {
  it('begins with a byte order mark and the headings; dates are the zone’s, money and shares are numbers', async () => {
    const at = new Date('2026-11-24T15:00:00Z');
    const content = (
      await buffer(csvFile(table([row({ at })], [row({ name: 'b, "c"\nd', amount: null, share: 0.5 })])))
    ).toString('utf8');
    expect(content.charCodeAt(0)).toBe(0xfeff);
    expect(content.slice(1)).toBe(
      '名前,番号,金額 (JPY),率,日時 (JST)\r\na,10001,1200,12.5%,2026/11/25 00:00:00\r\n"b, ""c""\nd",10001,,50%,\r\n',
    );
  });

  it('has no cell that a spreadsheet takes for a formula', async () => {
    const [, ...rows] = await csvRows(csvFile(table(formulas.map((name) => row({ name })))));
    expect(rows.map(([name]) => name)).toEqual(formulas.map((name) => `'${name}`));
    expect(await csvRows(csvFile(table([row({ amount: -5 })])))).toMatchObject([{}, { 2: '-5' }]);
  });

  it('gives back any text as it was, but for that mark', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), async (names) => {
        const [, ...rows] = await csvRows(csvFile(table(names.map((name) => row({ name })))));
        expect(rows.map(([name]) => name?.replace(/^'(?=\s*[=+\-@＝＋－＠]|[\t\r\n])/, ''))).toEqual(names);
      }),
    );
  });
});

describe('an xlsx file', () => {
  it('holds text, numbers and dates as what they are, under the headings', async () => {
    const at = new Date('2026-11-25T01:00:00Z');
    const [sheet] = await sheets(xlsxFile(table([row({ at })], [row({ name: null, amount: null })])));
    expect(sheet?.name).toBe('一覧');
    expect(sheet?.rows).toEqual([
      ['名前', '番号', '金額 (JPY)', '率', '日時 (JST)'],
      ['a', 10001, 1200, 0.125, new Date('2026-11-25T10:00:00Z')],
      [null, 10001, null, 0.125, null],
    ]);
  });

  it('has text where a formula would be, also where XML cannot hold it', async () => {
    const names = [...formulas, 'a\u0000b', '\uFFFEx', '<b>&"\'', ' spaces ', '\ud83d'];
    const file = await buffer(xlsxFile(table(names.map((name) => row({ name })))));
    const [sheet] = (await readXlsx(file)).sheets;
    expect(sheet?.rows.slice(1, 1 + formulas.length).map(([name]) => name)).toEqual(formulas);
    expect(sheet?.rows.slice(1 + formulas.length).map(([name]) => name)).toEqual([
      'a\u0000b',
      'x',
      '<b>&"\'',
      ' spaces ',
      '\ufffd',
    ]);
    expect([...(sheet?.cells?.values() ?? [])].filter((cell) => cell.formula !== undefined)).toEqual([]);
  });

  it('has a sheet’s name that Excel takes, whatever the list is called', async () => {
    const named = async (name: string) => (await sheets(xlsxFile({ ...table([row()]), name })))[0]?.name;
    expect(await named('History')).toBe('History 1');
    expect(await named("'a/b:c'")).toBe('a b c');
    expect(await named('[]')).toBe('Sheet');
    expect(await named('長'.repeat(40))).toBe('長'.repeat(31));
  });

  it('goes on in a further sheet, with the headings, when one is full', async () => {
    const rows = Array.from({ length: 7 }, (_, id) => row({ id: id + 1 }));
    const all = await sheets(xlsxFile(table(rows.slice(0, 5), rows.slice(5)), { rowsPerSheet: 4 }));
    expect(all.map((sheet) => sheet.rows.map((cells) => cells[1]))).toEqual([
      ['番号', 1, 2, 3],
      ['番号', 4, 5, 6],
      ['番号', 7],
    ]);
  });
});

describe.each([
  ['csv', csvFile],
  ['xlsx', xlsxFile],
] as const)('writing %s', (_, write) => {
  /** Pages without end, of rows that do not compress. */
  function endless(seen: { pages: number; ended: boolean }): Table<Row> {
    const pages = (async function* () {
      try {
        for (;;) {
          seen.pages += 1;
          yield Array.from({ length: 2000 }, () => row({ name: String(Math.random()), amount: Math.random() }));
        }
      } finally {
        seen.ended = true;
      }
    })();
    return { name: 'x', columns, zone: 'Asia/Tokyo', pages };
  }

  it('asks for rows only as fast as they are taken, and for none when nobody takes them any more', async () => {
    const seen = { pages: 0, ended: false };
    const file = write(endless(seen));
    const chunks = file[Symbol.asyncIterator]();
    await chunks.next();
    // However long nobody reads on, no more than what fits into the buffers is asked for.
    let before = -1;
    await until(
      () => {
        const still = before === seen.pages;
        before = seen.pages;
        return still || undefined;
      },
      10_000,
      'the writer to wait',
    );
    expect(seen.pages).toBeLessThan(40);
    file.destroy();
    await until(() => seen.ended || undefined, 10_000, 'the pages to be given up');
  });

  it('breaks off when the rows do, and does not look whole', async () => {
    const pages = (async function* () {
      yield [row()];
      throw new Error('the database is gone');
    })();
    await expect(buffer(write({ name: 'x', columns, zone: 'UTC', pages }))).rejects.toThrow('the database is gone');
  });
});
