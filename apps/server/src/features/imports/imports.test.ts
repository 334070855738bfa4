import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { guessEncoding } from '../../lib/text-encoding.ts';
import { importCommand } from './command.ts';
import type { ImportKind } from './fields.ts';
import { ImportError } from './mapping.ts';
import { type ImportOptions, runImport } from './service.ts';

const folder = mkdtempSync(join(tmpdir(), 'coupon-push-imports-'));
const now = new Date('2026-11-21T00:00:00Z');
const marketplace = { currency: 'JPY', zone: 'Asia/Tokyo', language: 'ja' };
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  return database.drop;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(async () => {
  await database.pool.query(`
    truncate shop, category, item, customer, customer_number, fellow, customer_order, order_number, consent_record,
             suppression, import_run restart identity cascade`);
  await database.pool.query(`insert into shop (shop_no, name) values ('flowers', 'Flowers'), ('books', 'Books')`);
});

async function bring(kind: ImportKind, content: string | Buffer, options: Partial<ImportOptions> = {}) {
  const input = join(folder, `${kind}.csv`);
  writeFileSync(input, content);
  const rejectedPath = `${input}.rejected.csv`;
  return await runImport({ pool: database.pool, kind, input, marketplace, rejectedPath, now: () => now, ...options });
}

async function rows(query: string): Promise<unknown[]> {
  return (await database.pool.query(query)).rows;
}

const customers =
  'customer_no,email,email_verified,refuses_coupon_mail\n1,a@example.com,yes,no\n2,b@example.com,no,yes\n';
const orders = (...lines: string[]) => ['order_no,shop_no,customer_no,ordered_at,total', ...lines, ''].join('\n');
const allOrders = `
  select o.order_no, s.shop_no, n.customer_no, o.total_minor as total, o.state
    from customer_order o join shop s on s.id = o.shop_id join customer_number n using (customer_id) order by 1`;

describe('orders', () => {
  beforeEach(async () => {
    await bring('customers', customers);
  });

  it('go in as text numbers, whole amounts and moments of the marketplace', async () => {
    const text = orders('000123,flowers,1,2026-01-31,"1,200"', 'A-9,books,2,2026-01-31T10:00:00Z,¥300');
    const result = await bring('orders', text);
    expect(result).toMatchObject({
      read: 2,
      written: 2,
      unchanged: 0,
      repeated: 0,
      rejected: 0,
      rejectedPath: undefined,
    });
    expect(await rows('select order_no, ordered_at from customer_order order by 1')).toEqual([
      { order_no: '000123', ordered_at: new Date('2026-01-30T15:00:00Z') },
      { order_no: 'A-9', ordered_at: new Date('2026-01-31T10:00:00Z') },
    ]);
    expect(
      await rows('select kind, file_name, rows_read, rows_written, rows_rejected from import_run where id = 2'),
    ).toEqual([{ kind: 'orders', file_name: 'orders.csv', rows_read: 2, rows_written: 2, rows_rejected: 0 }]);
  });

  it('of a bad row are reported with number, column and reason, and the good rows go in', async () => {
    const text = orders(
      '1,flowers,1,2026-01-31,100',
      '2,flowers,1,2026-02-31,100',
      '3,flowers,1,2026-01-31,lots',
      '4,flowers,9,2026-01-31,100',
      '5,gone,1,2026-01-31,100',
      '6,flowers,1,2026-01-31',
      ',flowers,1,2026-01-31,100',
      '8,flowers,"1,2026-01-31,100',
      '9,books,2,2026-01-31,900',
    );
    const result = await bring('orders', text);
    expect(result).toMatchObject({ read: 9, written: 2, rejected: 7 });
    expect(await rows('select order_no from customer_order order by 1')).toEqual([
      { order_no: '1' },
      { order_no: '9' },
    ]);
    const file = (await readFile(result.rejectedPath ?? '', 'utf8')).split('\r\n');
    expect(file[0]).toBe(
      '\ufeffrejected_row,rejected_column,rejected_reason,rejected_because,order_no,shop_no,customer_no,ordered_at,total',
    );
    const told = file.slice(1, -1).map((line) => line.split(',').slice(0, 3).join(' '));
    expect(told.toSorted()).toEqual([
      '3 ordered_at not_a_date',
      '4 total not_a_number',
      '5 customer_no unknown_customer',
      '6 shop_no unknown_shop',
      '7  wrong_columns',
      '8 order_no missing',
      '9  broken_quotes',
    ]);
    expect(file.find((line) => line.startsWith('5,'))).toContain(
      'import customers first.",4,flowers,9,2026-01-31,100'.slice(-27),
    );
  });

  it('that were rejected go in from the mended file of rejected rows', async () => {
    const first = await bring('orders', orders('=1+1,flowers,1,2026-02-31,100'));
    const rejected = await readFile(first.rejectedPath ?? '', 'utf8');
    expect(rejected).toContain("'=1+1,flowers");
    const second = await bring('orders', rejected.replaceAll('2026-02-31', '2026-02-28'));
    expect(second).toMatchObject({ read: 1, written: 1 });
    expect(await rows('select order_no from customer_order')).toEqual([{ order_no: '=1+1' }]);
  });

  it('change nothing when they come again', async () => {
    const text = orders('1,flowers,1,2026-01-31,100', '2,books,2,2026-01-31,200');
    await bring('orders', text);
    const before = await rows('select xmin::text, * from customer_order order by order_no');
    expect(await bring('orders', text)).toMatchObject({ read: 2, written: 0, unchanged: 2, rejected: 0 });
    expect(await rows('select xmin::text, * from customer_order order by order_no')).toEqual(before);
  });

  it('are brought up to date by a later file, which leaves alone what it does not have', async () => {
    const withState = 'order_no,shop_no,customer_no,ordered_at,total,state\n1,flowers,1,2026-01-31,100,shipped\n';
    await bring('orders', withState);
    expect(await bring('orders', orders('1,flowers,1,2026-01-31,150', '2,flowers,1,2026-01-31,1'))).toMatchObject({
      written: 2,
    });
    expect(await rows(allOrders)).toMatchObject([
      { total: 150, state: 'shipped' },
      { total: 1, state: 'paid' },
    ]);
  });

  it('that come twice in a file count as the last one says', async () => {
    const text = orders('1,flowers,1,2026-01-31,100', '2,flowers,1,2026-01-31,5', '1,flowers,1,2026-01-31,300');
    expect(await bring('orders', text)).toMatchObject({ read: 3, written: 2, repeated: 1 });
    expect(await rows(allOrders)).toMatchObject([{ total: 300 }, { total: 5 }]);
  });

  it('of another shop or customer with the same number are rejected, in one file and across files', async () => {
    const text = orders('1,flowers,1,2026-01-31,100', '1,books,1,2026-01-31,200', '1,flowers,2,2026-01-31,300');
    const result = await bring('orders', text);
    expect(result).toMatchObject({ read: 3, written: 1, rejected: 2 });
    expect(result.firstRejections.map(({ row, code }) => [row, code])).toEqual([
      [3, 'order_of_another_shop'],
      [4, 'order_of_another_customer'],
    ]);
    expect(await bring('orders', orders('1,books,1,2026-01-31,200'))).toMatchObject({ written: 0, rejected: 1 });
    expect(await rows(allOrders)).toEqual([
      { order_no: '1', shop_no: 'flowers', customer_no: '1', total: 100, state: 'paid' },
    ]);
    expect(await rows('select count(*) from order_number')).toEqual([{ count: 1 }]);
  });

  it('of an unknown customer do not take the place of an earlier good row', async () => {
    const text = orders('1,flowers,1,2026-01-31,100', '1,flowers,9,2026-01-31,200');
    expect(await bring('orders', text)).toMatchObject({ written: 1, rejected: 1 });
    expect(await rows(allOrders)).toMatchObject([{ customer_no: '1', total: 100 }]);
  });

  it('come in more than one chunk, half of them known already', async () => {
    const line = (index: number) => `${index},flowers,${1 + (index % 2)},2026-01-31,${index}`;
    const half = Array.from({ length: 45_000 }, (_, index) => line(index * 2));
    const all = Array.from({ length: 90_000 }, (_, index) => line(index));
    expect(await bring('orders', orders(...half))).toMatchObject({ written: 45_000, rejected: 0 });
    expect(await bring('orders', orders(...all))).toMatchObject({ written: 45_000, unchanged: 45_000 });
    expect(await rows('select count(*) from customer_order')).toEqual([{ count: 90_000 }]);
  });

  it('come as ndjson too', async () => {
    const text =
      '{"orderNumber":"1","shop":"flowers","customer":1,"date":"2026-01-31","amount":1200}\n{"orderNumber":"2"}\n';
    const result = await bring('orders', text, { format: 'ndjson' });
    expect(result).toMatchObject({
      written: 1,
      rejected: 1,
      firstRejections: [{ row: 2, column: 'shop', code: 'missing' }],
    });
    expect(await readFile(result.rejectedPath ?? '', 'utf8')).toContain('"{""orderNumber"":""2""}"');
  });

  it('of a file with other headings come in through a mapping', async () => {
    const text = 'Ref;When;Who;GBP\n536365;2010-12-01;1;22.200000000000003\n';
    const mapping = {
      map: { order_no: 'ref', ordered_at: 'When', customer_no: 'Who', total: 'GBP' },
      set: { shop_no: 'flowers' },
      multiply: { total: 190 },
    };
    expect(await bring('orders', text, { mapping })).toMatchObject({ written: 1 });
    expect(await rows(allOrders)).toMatchObject([{ order_no: '536365', shop_no: 'flowers', total: 4218 }]);
  });

  it('cannot smuggle SQL or COPY syntax in', async () => {
    const nasty = ["'); drop table fellow; --", '\\N', '\\.', '#{x}', 'a\\tb'];
    const text = orders(...nasty.map((no) => `"${no}",flowers,1,2026-01-31,1`));
    expect(await bring('orders', text)).toMatchObject({ written: 5, rejected: 0 });
    expect((await rows(allOrders)).map((row) => (row as { order_no: string }).order_no).toSorted()).toEqual(
      nasty.toSorted(),
    );
  });
});

describe('customers', () => {
  it('are held back for what the file says, and their fellows with them', async () => {
    await bring('customers', `${customers}3,c@example.com,2026-01-05,no\n`);
    const text =
      'shop_no,customer_no,registered_at\nflowers,1,2026-01-31\nflowers,2,2026-01-31\nflowers,9,2026-01-31\n';
    expect(await bring('fellows', text)).toMatchObject({ written: 2, rejected: 1 });
    expect(await bring('fellows', text)).toMatchObject({ written: 0, unchanged: 2, rejected: 1 });
    expect(await rows('select customer_id, held_back from fellow order by 1')).toEqual([
      { customer_id: 1, held_back: null },
      { customer_id: 2, held_back: 'unverified' },
    ]);
    await bring('customers', customers.replace('2,b@example.com,no', '2,b@example.com,yes'));
    expect(await rows('select held_back from fellow where customer_id = 2')).toEqual([{ held_back: 'refused' }]);
    expect(await rows('select email_verified_at, language from customer order by customer_id')).toEqual([
      { email_verified_at: now, language: 'ja' },
      { email_verified_at: now, language: 'ja' },
      { email_verified_at: new Date('2026-01-04T15:00:00Z'), language: 'ja' },
    ]);
  });

  it('change nothing when they come again, also later', async () => {
    await bring('customers', customers);
    const before = await rows('select xmin::text, * from customer order by customer_id');
    const later = () => new Date('2027-01-01T00:00:00Z');
    expect(await bring('customers', customers, { now: later })).toMatchObject({ written: 0, unchanged: 2 });
    expect(await rows('select xmin::text, * from customer order by customer_id')).toEqual(before);
    expect(await rows(`select kind, given, how, source from consent_record order by id`)).toEqual([
      { kind: 'coupon_mail', given: true, how: 'import', source: 'customers.csv' },
      { kind: 'coupon_mail', given: false, how: 'import', source: 'customers.csv' },
    ]);
  });

  it('with another address are not verified because the old one was, nor suppressed', async () => {
    await bring('customers', customers);
    await database.pool.query(`update customer set mail_suppressed_at = now() where customer_no = '1'`);
    await bring('customers', 'customer_no,email\n1,new@example.com\n');
    expect(await rows(`select email, held_back, mail_suppressed_at from customer where customer_no = '1'`)).toEqual([
      { email: 'new@example.com', held_back: 'unverified', mail_suppressed_at: null },
    ]);
  });

  it('who refused here stay so, whatever a file says', async () => {
    await bring('customers', customers);
    await database.pool.query(`
      update customer set refuses_coupon_mail = true where customer_no = '1';
      insert into consent_record (customer_id, kind, given, how, source, recorded_at)
      values (1, 'coupon_mail', false, 'unsubscribe', 'e-mail', now())`);
    expect(await bring('customers', customers)).toMatchObject({ written: 0, unchanged: 2 });
    await database.pool.query(`
      insert into consent_record (customer_id, kind, given, how, source, recorded_at)
      values (1, 'coupon_mail', true, 'my page', 'settings', now())`);
    expect(await bring('customers', customers)).toMatchObject({ written: 1, unchanged: 1 });
  });

  it('keep what an ndjson line does not mention, and lose what it says is empty', async () => {
    await bring('customers', 'customer_no,name,login_id\n1,山田 花子,hana\n');
    await bring('customers', '{"customer_no":"1","name":""}\n{"customer_no":"2","login_id":"x"}\n', {
      format: 'ndjson',
    });
    expect(await rows('select name, login_id from customer order by customer_no')).toEqual([
      { name: null, login_id: 'hana' },
      { name: null, login_id: 'x' },
    ]);
  });
});

describe('items', () => {
  const items =
    'shop_no,item_no,name,price,category_large,category_middle,category_small,units_sold\n' +
    'flowers,F1,ﾓﾝｽﾃﾗ 6号,"3,480",Plants,Indoor,Large,5\n' +
    'flowers,F2,Cactus,500,Plants,Indoor,Small,9\n' +
    'books,B1,Atlas,900,Books,,,1\n' +
    'books,B2,Novel,900,,Fiction,,1\n';

  it('bring their categories, search text and ranks by units sold', async () => {
    const result = await bring('items', items);
    expect(result).toMatchObject({
      written: 3,
      rejected: 1,
      firstRejections: [{ row: 5, code: 'category_without_parent' }],
    });
    expect(await rows('select item_no, search_text, sales_rank from item order by item_no')).toEqual([
      { item_no: 'B1', search_text: 'atlas b1', sales_rank: 1 },
      { item_no: 'F1', search_text: 'モンステラ 6号 f1', sales_rank: 2 },
      { item_no: 'F2', search_text: 'cactus f2', sales_rank: 1 },
    ]);
    expect(await rows('select level, count(*) from category group by 1 order by 1')).toEqual([
      { level: 1, count: 2 },
      { level: 2, count: 1 },
      { level: 3, count: 2 },
    ]);
    expect(await bring('items', items)).toMatchObject({ written: 0, unchanged: 3 });
  });

  it('keep categories and rank when a file has prices only', async () => {
    await bring('items', items);
    await bring('items', 'shop_no,item_no,name,price\nflowers,F2,Cactus,450\n');
    expect(
      await rows(`select price_minor, sales_rank, small_category_id is null as bare from item where item_no = 'F2'`),
    ).toEqual([{ price_minor: 450, sales_rank: 1, bare: false }]);
  });
});

describe('files', () => {
  const japanese = 'ショップ番号,会員番号,登録日\nflowers,1,2026年1月31日\n';
  const korean = '샵번호,회원번호,등록일\nflowers,1,2026년 1월 31일\n';

  it.each([
    ['utf-8', Buffer.from(japanese)],
    ['utf-8', Buffer.from(`\ufeff${korean}`)],
    ['cp932', iconv.encode(japanese, 'cp932')],
    ['cp949', iconv.encode(korean, 'cp949')],
    ['utf-16le', iconv.encode(japanese.replaceAll(',', '\t'), 'utf-16le', { addBOM: true })],
  ])('in %s are recognised, with their own headings', async (encoding, bytes) => {
    await bring('customers', customers);
    expect(await bring('fellows', bytes)).toMatchObject({ encoding, written: 1, rejected: 0 });
  });

  it('are told apart also when they begin with a cut character', () => {
    const text = Buffer.from('名前'.repeat(30_000)).subarray(0, 65_536);
    expect(guessEncoding(text)).toBe('utf-8');
  });

  it('with characters of another encoding lose those rows only', async () => {
    const text = Buffer.concat([
      Buffer.from('customer_no,name\n1,山田\n2,'),
      Buffer.from([0x8e, 0x52]),
      Buffer.from('\n3,花子\n'),
    ]);
    expect(await bring('customers', text, { encoding: 'utf-8' })).toMatchObject({
      written: 2,
      rejected: 1,
      firstRejections: [{ row: 3, column: 'name', code: 'undecodable' }],
    });
  });

  it.each([
    ['', 'is empty'],
    ['a,b\n1,2\n', 'No column for shop_no, customer_no, registered_at was found. The file has: "a", "b"'],
    [Buffer.from('PK\x03\x04 xlsx'), 'spreadsheet'],
    ['[{"a":1}]', 'one JSON array'],
  ])('that cannot be used are refused with what to do: %j', async (content, sentence) => {
    writeFileSync(join(folder, 'odd'), content);
    const refused = bring('fellows', content, { input: join(folder, 'odd') });
    await expect(refused).rejects.toThrow(ImportError);
    await expect(bring('fellows', content, { input: join(folder, 'odd') })).rejects.toThrow(sentence);
  });

  it('that break off in the database leave the connections usable', async () => {
    await database.pool.query('alter table fellow add constraint never check (shop_id < 0) not valid');
    await bring('customers', customers);
    await expect(bring('fellows', japanese)).rejects.toThrow('never');
    await database.pool.query('alter table fellow drop constraint never');
    expect(await bring('fellows', japanese)).toMatchObject({ written: 1 });
  });
});

describe('the import command', () => {
  async function command(...argv: string[]): Promise<{ code: number; said: string }> {
    let said = '';
    const code = await importCommand(argv, { pool: database.pool, out: (text) => (said += text) });
    return { code, said };
  }

  beforeEach(async () => {
    await database.pool.query(`
      insert into marketplace (name, sender_name, sender_postal_address, sender_email, contact_url, shop_url_template,
        item_url_template, feature_url_template, coupon_box_url, qpost_url)
      values ('M', '', '', '', '', '', '', '', '', '') on conflict do nothing`);
  });

  it('imports, tells what it did and where the rejected rows are', async () => {
    await bring('customers', customers);
    const file = join(folder, 'by-hand.csv');
    writeFileSync(file, 'InvoiceNo,InvoiceDate,CustomerID,TotalPrice\n1,2026-01-31,1,10.5\n2,nonsense,1,1\n');
    const { code, said } = await command('orders', file, '--shop', 'flowers', '--multiply', 'total=190');
    expect(code).toBe(0);
    expect(said).toContain('1 written, 0 unchanged, 1 rejected.');
    expect(said).toContain('order_no from "InvoiceNo"');
    expect(said).toContain('row 3, InvoiceDate: "nonsense" is not a date');
    expect(said).toContain(`Rejected rows are in ${file}.rejected.csv`);
    expect(await rows(allOrders)).toMatchObject([{ total: 1995 }]);
  });

  it.each([
    [[], 0, 'Examples:'],
    [['--help'], 0, 'customer_no*'],
    [['people', 'x.csv'], 1, 'Say what is in the file: customers, items, orders, fellows'],
    [['orders'], 1, 'Name the file'],
    [['orders', 'no-such.csv'], 1, 'There is no file no-such.csv.'],
    [['orders', 'x.csv', '--colour', 'red'], 1, "Unknown option '--colour'"],
    [['orders', 'x.csv', '--map', 'total'], 1, '--map is written FIELD=VALUE'],
    [['orders', 'x.csv', '--multiply', 'total=-1'], 1, 'is not a number above 0'],
    [['orders', 'x.csv', '--encoding', 'ebcdic'], 1, '--encoding is one of utf-8, cp932, cp949'],
    [['orders', 'x.csv', '--rejected', './x.csv'], 1, 'cannot go into the file that is read'],
  ])('%j ends with %i and says "%s"', async (argv, code, sentence) => {
    const answer = await command(...argv);
    expect(answer.code).toBe(code);
    expect(answer.said).toContain(sentence);
  });

  it('lists the shops when the one given does not exist, and the fields when one does not', async () => {
    const file = join(folder, 'orders.csv');
    writeFileSync(file, orders('1,flowers,1,2026-01-31,1'));
    expect((await command('orders', file, '--shop', 'flower')).said).toContain('There are: books, flowers.');
    expect((await command('orders', file, '--map', 'colour=x')).said).toContain('orders have no field "colour"');
    expect((await command('orders', file, '--multiply', 'state=2')).said).toContain('Amounts: total.');
    expect((await command('orders', file, '--map', 'total=Sum')).said).toContain('There is no column "Sum" for total.');
  });
});
