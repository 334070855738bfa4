import { describe, expect, it } from 'vitest';
import { file, spreadsheetMl } from '../../../../test/order-files.ts';
import { AppError } from '../../../lib/app-error.ts';
import { type ReadLimits, readOrderFile } from './read-order-file.ts';

/** The order numbers, or the code of the refusal. */
async function answer(bytes: Buffer | string, limits?: ReadLimits, shopId = 1): Promise<unknown> {
  try {
    const { rows } = await readOrderFile({ name: 'orders.csv', bytes: Buffer.from(bytes), shopId }, limits);
    return rows.map((row) => row.orderNo);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { code: error.code, ...error.params };
  }
}

describe('a file is read in a thread of its own', () => {
  it('which hands back what it found', async () => {
    const { sheet, column, rows } = await readOrderFile({ name: '注文.xls', bytes: file('openpyxl.xlsx'), shopId: 1 });
    expect({ sheet, column }).toEqual({ sheet: '注文', column: 'A' });
    expect(rows[0]).toEqual({ rowNo: 2, text: '262749754', orderNo: '262749754' });
    expect(rows[4]).toEqual({ rowNo: 6, text: '1.5', orderNo: null });
  });

  it('in the order of the file, however many there are', async () => {
    const numbers = Array.from({ length: 12_001 }, (_, index) => String(262_749_754 + index));
    expect(await answer(`Order No.\n${numbers.join('\n')}\n`)).toEqual(numbers);
  });

  it('or why it is refused', async () => {
    expect(await answer(file('libreoffice-formula.xls'))).toEqual({ code: 'order_file_formulas', cell: 'A4' });
    expect(await answer(file('libreoffice-password.xlsx'))).toEqual({ code: 'order_file_encrypted' });
  });

  it('unless it is empty, or larger than 10 MB', async () => {
    expect(await answer('')).toEqual({ code: 'order_file_empty' });
    const most = 10 * 1024 * 1024;
    expect(await answer(Buffer.alloc(most + 1, '1\n'))).toEqual({ code: 'order_file_too_large', max: 10 });
    expect(await answer(Buffer.alloc(most, 'Order No.'))).toEqual({ code: 'order_file_empty' });
  });

  it('that is ended when it fills the memory', async () => {
    const bytes = spreadsheetMl('<Column ss:Index="1" ss:Span="2000000000"/>');
    expect(await answer(bytes, { milliseconds: 60_000, megabytes: 48 })).toEqual({ code: 'order_file_too_slow' });
  });

  it('that is ended when it takes too long', async () => {
    const bytes = `<table>${'<tr><td>1</table><table>'.repeat(300_000)}`;
    expect(await answer(bytes, { milliseconds: 50, megabytes: 384 })).toEqual({ code: 'order_file_too_slow' });
  });
});

describe('files that come at once', () => {
  const patient = { milliseconds: 60_000, megabytes: 384 };
  const read = (shopId: number) => answer('Order No.\n262749754\n', patient, shopId);

  it('wait for each other, until too many do', { timeout: 60_000 }, async () => {
    const all = await Promise.all(Array.from({ length: 25 }, (_, shopId) => read(shopId)));
    expect(all.filter(Array.isArray)).toEqual(Array(22).fill(['262749754']));
    expect(all.slice(22)).toEqual(Array(3).fill({ code: 'unavailable' }));
    expect(await answer('Order No.\n262749755\n', patient)).toEqual(['262749755']);
  });

  it('of one shop are read one by one, and keep no other shop from theirs', { timeout: 60_000 }, async () => {
    const [another, ...many] = [...Array.from({ length: 25 }, () => read(1)), read(2)].reverse();
    expect(await another).toEqual(['262749754']);
    const answers = (await Promise.all(many)).reverse();
    expect(answers.slice(0, 4)).toEqual(Array(4).fill(['262749754']));
    expect(answers.slice(4)).toEqual(Array(21).fill({ code: 'too_many_requests' }));
    expect(await read(1)).toEqual(['262749754']);
  });
});
