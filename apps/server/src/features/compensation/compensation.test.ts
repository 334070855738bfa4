import {
  compensationUploadSchema,
  type RowOutcome,
  recipientsPage,
  uploadRowsPage,
} from '@coupon-push/contract/compensation.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import { createFellows, createOrders, type TestShop } from '../../../test/marketplace.ts';
import { maskIdentity } from '../../lib/masking.ts';
import { uploadOrders } from './service.ts';

let api: TestApi;
let shop: TestShop;
let other: TestShop;

const now = new Date('2026-11-23T12:00:00+09:00');
const days = (count: number) => new Date(now.getTime() + count * 86_400_000);

beforeAll(async () => {
  api = await TestApi.create();
});
afterAll(() => api.close());

beforeEach(async () => {
  api.clock.freeze(now);
  shop = await api.shop('はなみどり');
  other = await api.shop('よその店');
});

const url = (path = '', of: TestShop = shop) => `/api/shops/${of.shopId}/compensation-uploads${path}`;

async function upload(bytes: Buffer | string, name = 'orders.csv', person = shop) {
  const boundary = 'tests-boundary';
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\n\r\n`;
  const payload = Buffer.concat([Buffer.from(head), Buffer.from(bytes), Buffer.from(`\r\n--${boundary}--\r\n`)]);
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
  return await api.request(person, 'POST', url(), { payload, headers });
}

async function uploaded(orderNos: readonly string[]) {
  const answer = await api.request(shop, 'POST', url('/orders'), { body: { orderNos } });
  return compensationUploadSchema.parse(answer.body);
}

async function recipients(uploadId: string, query = '') {
  const answer = await api.request(shop, 'GET', url(`/${uploadId}/recipients${query}`));
  return recipientsPage.parse(answer.body);
}

async function rows(uploadId: string, outcome: RowOutcome, query = '') {
  const answer = await api.request(shop, 'GET', url(`/${uploadId}/rows?outcome=${outcome}${query}`));
  return uploadRowsPage.parse(answer.body);
}

async function customers(count: number): Promise<number[]> {
  return (await createFellows(api.database.db, other.shopId, { reachable: count })).reachable ?? [];
}

describe('an uploaded file of order numbers', () => {
  it('tells of each row whether it names a customer, the same one again, nobody, or another shop’s', async () => {
    const [one, two, foreign] = (await customers(3)) as [number, number, number];
    const { db } = api.database;
    const [first, second] = await createOrders(db, shop.shopId, [one, two], { prefix: `A${shop.shopId}-` });
    const [again] = await createOrders(db, shop.shopId, [one], { prefix: `B${shop.shopId}-` });
    const [theirs] = await createOrders(db, other.shopId, [foreign]);
    const lines = ['Order No.', first, 'nobody-has-this', again, theirs, second, first, 'x'.repeat(70)];
    const answer = await upload(lines.join('\r\n'));
    expect(answer.status).toBe(200);
    const file = compensationUploadSchema.parse(answer.body);
    expect(file).toMatchObject({ source: 'file', fileName: 'orders.csv', column: 'A', customers: 2, reachable: 2 });
    expect(file.rows).toEqual({ matched: 2, same_customer: 2, not_found: 1, other_shop: 1, unreadable: 1 });
    expect((await rows(file.id, 'matched')).entries).toEqual([
      { rowNo: 2, text: first },
      { rowNo: 6, text: second },
    ]);
    expect((await rows(file.id, 'same_customer')).entries.map((row) => row.rowNo)).toEqual([4, 7]);
    expect(await rows(file.id, 'not_found')).toEqual({ entries: [{ rowNo: 3, text: 'nobody-has-this' }], total: 1 });
    expect((await rows(file.id, 'other_shop')).entries).toEqual([{ rowNo: 5, text: theirs }]);
    expect((await rows(file.id, 'unreadable')).entries.map((row) => row.rowNo)).toEqual([8]);
    const { entries } = await recipients(file.id);
    expect(entries.map((entry) => entry.orderNos)).toEqual([[first, again], [second]]);
  });

  it('may be called anything, and so may its sheet', async () => {
    const [orderNo] = await createOrders(api.database.db, shop.shopId, await customers(1));
    const named = compensationUploadSchema.parse((await upload(`Order No.\n${orderNo}`, 'or\0ders.csv')).body);
    expect(named).toMatchObject({ fileName: 'or ders.csv', customers: 1 });
    const cell = `<Row><Cell><Data ss:Type="String">${orderNo}</Data></Cell></Row>`;
    const sheet = `<Worksheet ss:Name="${'注文'.repeat(200)}&#0;"><Table>${cell}</Table></Worksheet>`;
    const office = 'urn:schemas-microsoft-com:office:spreadsheet';
    const book = `<?xml version="1.0"?><Workbook xmlns="${office}" xmlns:ss="${office}">${sheet}</Workbook>`;
    const read = compensationUploadSchema.parse((await upload(book, '注文.xls')).body);
    expect(read).toMatchObject({ sheet: `${'注文'.repeat(127)}注`, customers: 1 });
  });

  it('counts an order that was cancelled: that is what is made up for', async () => {
    const [orderNo = ''] = await createOrders(api.database.db, shop.shopId, await customers(1), { state: 'cancelled' });
    expect((await uploaded([orderNo])).rows.matched).toBe(1);
  });

  it('is given back as a csv of the rows that named nobody, in the seller’s language, with no formula in it', async () => {
    const [orderNo = ''] = await createOrders(api.database.db, shop.shopId, await customers(1));
    const body = { orderNos: [orderNo, '=HYPERLINK("http://x")', '@SUM(1)', '＝1+1', 'two\twords', '-1, "and"'] };
    const { id } = compensationUploadSchema.parse((await api.request(shop, 'POST', url('/orders'), { body })).body);
    const file = async (query = '') => {
      const headers = { cookie: await api.cookieOf(shop.email) };
      return (await api.server.inject({ url: url(`/${id}/unmatched.csv${query}`), headers })).body;
    };
    expect(await file()).toBe(
      [
        '\ufeff行番号,ファイルの内容,理由',
        `2,"'=HYPERLINK(""http://x"")",注文が見つかりません`,
        `3,'@SUM(1),注文が見つかりません`,
        `4,'＝1+1,注文が見つかりません`,
        '5,two words,注文番号として読み取れません',
        `6,"'-1, ""and""",注文が見つかりません`,
        '',
      ].join('\r\n'),
    );
    expect(await file('?language=en')).toContain('No such order');
  });

  it('over 10 MB is refused at the field, with the limit', async () => {
    const answer = await upload(Buffer.alloc(10 * 1024 * 1024 + 1, 'a'));
    expect(answer.status).toBe(413);
    const refusal = { code: 'order_file_too_large', params: { max: 10 } };
    expect(answer.body).toMatchObject({ ...refusal, fields: [{ field: 'file', ...refusal }] });
  });

  it('that is none is refused at the field', async () => {
    const answer = await upload(Buffer.from('%PDF-1.7 not a table'), 'orders.xlsx');
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      code: 'order_file_kind',
      fields: [{ field: 'file', code: 'order_file_kind' }],
    });
  });

  it('is no other shop’s, and nobody’s after a week', async () => {
    const { id } = await uploaded(await createOrders(api.database.db, shop.shopId, await customers(1)));
    const paths = ['', '/rows?outcome=matched', '/recipients', '/unmatched.csv'];
    for (const path of paths) {
      for (const of of [shop, other]) {
        const answer = await api.request(other, 'GET', url(`/${id}${path}`, of));
        expect([answer.status, answer.body]).toMatchObject([404, { code: 'upload_not_found' }]);
      }
    }
    api.clock.freeze(days(7));
    for (const path of paths) expect((await api.request(shop, 'GET', url(`/${id}${path}`))).status).toBe(404);
    expect((await upload('Order No.\n1', 'orders.csv', other)).status).toBe(404);
    expect((await api.request(other, 'POST', url('/orders'), { body: { orderNos: ['1'] } })).status).toBe(404);
  });

  it('leaves nothing behind when it has expired, or when the shop has twenty later ones', async () => {
    const orderNos = ['none', ...(await createOrders(api.database.db, shop.shopId, await customers(1)))];
    const left = async (id: string) => {
      const { rows } = await sql<{ rows: number }>`
        select (select count(*) from compensation_upload where id = ${id}::uuid) +
               (select count(*) from compensation_upload_row where upload_id = ${id}::uuid) +
               (select count(*) from compensation_recipient where upload_id = ${id}::uuid) as rows`.execute(
        api.database.db,
      );
      return rows[0]?.rows;
    };
    const first = await uploaded(orderNos);
    expect(await left(first.id)).toBe(3);
    api.clock.freeze(days(7.1));
    const second = await uploaded(orderNos);
    expect(await left(first.id)).toBe(0);
    const scope = { userId: shop.userId, shopId: shop.shopId };
    for (let later = 1; later <= 20; later += 1) {
      expect(await left(second.id)).toBe(3);
      await uploadOrders(api.database.db, scope, orderNos, days(7.1 + later / 100));
    }
    expect(await left(second.id)).toBe(0);
  });
});

describe('the recipients of an upload', () => {
  it('are shown masked, with purchases and amount of the last seven days at this shop', async () => {
    const [customer = 0] = await customers(1);
    const { db } = api.database;
    const [orderNo = ''] = await createOrders(db, shop.shopId, [customer], { orderedAt: days(-30), totalMinor: 9000 });
    await createOrders(db, shop.shopId, [customer], {
      prefix: `a${shop.shopId}-`,
      orderedAt: days(-6.9),
      totalMinor: 1400,
    });
    await createOrders(db, shop.shopId, [customer], {
      prefix: `b${shop.shopId}-`,
      orderedAt: days(-1),
      totalMinor: 2000,
    });
    await createOrders(db, shop.shopId, [customer], {
      prefix: `c${shop.shopId}-`,
      orderedAt: days(-1),
      state: 'cancelled',
    });
    await createOrders(db, shop.shopId, [customer], { prefix: `d${shop.shopId}-`, orderedAt: days(-7.1) });
    await createOrders(db, other.shopId, [customer], { prefix: `e${shop.shopId}-`, orderedAt: days(-1) });
    const { id } = await uploaded([orderNo]);
    expect(await recipients(id)).toEqual({
      entries: [
        { no: 1, masked: 'log******', purchases: 2, amountMinor: 3400, orderNos: [orderNo], orders: 1, heldBack: null },
      ],
      total: 1,
    });
  });

  it('who cannot be reached say why, are counted by reason, and can be listed by it', async () => {
    const kinds = { reachable: 4, left: 1, unverified: 2, refused: 1, suppressed: 1, muted: 2 };
    const byKind = await createFellows(api.database.db, shop.shopId, kinds);
    // Muted at another shop: that is no reason here.
    const elsewhere = (await createFellows(api.database.db, other.shopId, { muted: 1 })).muted ?? [];
    const file = await uploaded(
      await createOrders(api.database.db, shop.shopId, [...Object.values(byKind).flat(), ...elsewhere]),
    );
    expect(file).toMatchObject({
      customers: 12,
      reachable: 5,
      heldBack: [
        { reason: 'left', customers: 1 },
        { reason: 'unverified', customers: 2 },
        { reason: 'refused', customers: 1 },
        { reason: 'suppressed', customers: 1 },
        { reason: 'muted', customers: 2 },
      ],
    });
    expect((await recipients(file.id, '?show=reachable')).total).toBe(5);
    expect((await recipients(file.id, '?show=held_back')).total).toBe(7);
    const muted = await recipients(file.id, '?reason=muted');
    expect(muted.entries.map((entry) => entry.heldBack)).toEqual(['muted', 'muted']);
  });

  it('are paged in the order of the file', async () => {
    const orderNos = await createOrders(api.database.db, shop.shopId, await customers(120));
    const { id } = await uploaded(orderNos.toReversed());
    const pages = [await recipients(id), await recipients(id, '?page=2'), await recipients(id, '?page=3')];
    expect(pages.map((page) => [page.entries.length, page.total])).toEqual([
      [50, 120],
      [50, 120],
      [20, 120],
    ]);
    expect(pages.flatMap((page) => page.entries.flatMap((entry) => entry.orderNos))).toEqual(orderNos.toReversed());
    const found = await recipients(id, '?search=log&page=3');
    expect([found.entries.length, found.total]).toEqual([20, 120]);
    expect((await recipients(id, '?page=4')).entries).toEqual([]);
  });
});

describe('the search in the recipients', () => {
  let uploadId: string;
  let orderNos: string[];

  beforeEach(async () => {
    const made = await customers(5);
    const names = ['hamster77', 'Hamlet', 'teruko', 'ab', 'x'];
    for (const [index, name] of names.entries()) {
      await sql`update customer set login_id = ${name} where customer_id = ${made[index]}`.execute(api.database.db);
    }
    orderNos = await createOrders(api.database.db, shop.shopId, made, { prefix: `K${shop.shopId}-` });
    uploadId = (await uploaded(orderNos)).id;
  });

  const found = async (search: string) =>
    (await recipients(uploadId, `?search=${encodeURIComponent(search)}`)).entries.map((entry) => entry.masked);

  it('finds an ID by its visible beginning, whole or as it is shown, and an order by its number’s beginning', async () => {
    expect(await found('ham')).toEqual(['ham******', 'Ham******']);
    expect(await found('h')).toEqual(['ham******', 'Ham******']);
    expect(await found('ＨＡＭ******')).toEqual(['ham******', 'Ham******']);
    expect(await found('teruko@example.com')).toEqual(['ter******']);
    expect(await found(orderNos[2] ?? '')).toEqual(['ter******']);
    expect(await found(`k${shop.shopId}-`)).toHaveLength(5);
    expect(await found('zzz')).toEqual([]);
  });

  it('answers alike whatever is guessed behind the mask', async () => {
    // Whoever types on learns nothing: right and wrong guesses find the same people.
    expect(await found('hamster77')).toEqual(await found('hamburger'));
    expect(await found('ab')).toEqual(await found('ax'));
    expect(await found('x')).toEqual([]);
  });

  it('sees of every kind of name what the mask shows of it, and no more', async () => {
    const names = [
      'abcdef',
      '田中さくら',
      '👩‍🚀🌸🌸🌸',
      'ÀÉÎ-õü',
      'a1@mail.example.com',
      'long.name@mail.example.com',
      '@x',
      'Z',
    ];
    const made = await customers(names.length);
    for (const [index, name] of names.entries()) {
      await sql`update customer set login_id = ${name} where customer_id = ${made[index]}`.execute(api.database.db);
    }
    uploadId = (await uploaded(await createOrders(api.database.db, shop.shopId, made))).id;
    const listed = (await recipients(uploadId)).entries;
    expect(listed.map((entry) => entry.masked)).toEqual(names.map((name) => maskIdentity(name)));
    for (const [index, name] of names.entries()) {
      const { masked, no } = listed[index] ?? { masked: '', no: 0 };
      const visible = masked.slice(0, -6);
      const finds = async (search: string) =>
        (await recipients(uploadId, `?search=${encodeURIComponent(search)}`)).entries.some((entry) => entry.no === no);
      expect([name, await finds(`${visible}*`)]).toEqual([name, true]);
      expect([name, await finds(name)]).toEqual([name, await finds(`${visible}zzz`)]);
    }
  });

  it.each(['%', '_', "'; drop table customer; --", '\\', '\u0000', '******', '[a-z]*', '@'])(
    'takes %j for what it is',
    async (hostile) => {
      const search = encodeURIComponent(hostile);
      const answer = await api.request(shop, 'GET', url(`/${uploadId}/recipients?search=${search}`));
      expect(answer.status).toBe(200);
      expect(recipientsPage.parse(answer.body).total).toBe(['******', '\u0000'].includes(hostile) ? 5 : 0);
    },
  );
});

describe('orders chosen from a list', () => {
  it('stand for a file, in their order', async () => {
    const orderNos = await createOrders(api.database.db, shop.shopId, await customers(3));
    const file = await uploaded(['none', ...orderNos]);
    expect(file).toMatchObject({ source: 'orders', fileName: '', customers: 3, rows: { matched: 3, not_found: 1 } });
  });

  it.each([
    [[], 'orderNos', 'too_small'],
    [[''], 'orderNos.0', 'too_small'],
    [['x'.repeat(65)], 'orderNos.0', 'too_big'],
    [Array.from({ length: 20_001 }, String), 'orderNos', 'too_big'],
  ])('are refused when there are none, too many or impossible ones', async (orderNos, field, code) => {
    const answer = await api.request(shop, 'POST', url('/orders'), { body: { orderNos } });
    expect([answer.status, answer.body]).toMatchObject([400, { fields: [{ field, code }] }]);
  });
});

describe('the template', () => {
  it('is an xlsx to save', async () => {
    const answer = await api.server.inject({ url: '/api/compensation-template.xlsx' });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-disposition']).toContain('.xlsx');
    expect(answer.rawPayload.subarray(0, 2).toString()).toBe('PK');
  });
});
