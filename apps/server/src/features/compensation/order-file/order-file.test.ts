import { describe, expect, it } from 'vitest';
import { file, lines, outcome, read, withPart, withSheet } from '../../../../test/order-files.ts';
import { orderFileTemplate } from './template.ts';
import { storedZip, unpack, zipEntries } from './zip.ts';

const plain = ['2 262749754', '3 262749755', '4 262749756', '6 262749757', '7 00123456'];
const mixed = [...plain, '8 00123457', '9 KR-10A7', '10 123456789012345'];
const lost = '11 ? 1234567890123460000';
const column = ['4 262749754', '5 262749755', '6 262749756'];
const bare = ['1 262749754', '2 262749755', '3 0262749756'];
const quoted = ['2 262749754', '3 0262749755', '5 262749756', '6 ? 2.62750E+11'];

describe('order numbers are read from what', () => {
  it.each([
    ['LibreOffice saves as xlsx', 'libreoffice-mixed.xlsx', 'Sheet1', 'A', [...mixed, lost, '12 ? 2024-01-05']],
    [
      'LibreOffice saves as xls',
      'libreoffice-mixed.xls',
      'Sheet1',
      'A',
      [...mixed, '11 ? 1234567890123456800', '12 ? 2024-01-05'],
    ],
    ['Gnumeric saves as xlsx', 'gnumeric-mixed.xlsx', 'Sheet1', 'A', [...mixed, lost, '12 ? 2024-01-05']],
    ['Gnumeric saves as xls', 'gnumeric-mixed.xls', 'Sheet1', 'A', [...mixed, lost, '12 ? 2024-01-05']],
    [
      'is HTML and called xls',
      'libreoffice-html.xls',
      null,
      'A',
      [...mixed, '11 ? 1.23456789012346E+018', '12 2024-01-05'],
    ],
    [
      'is SpreadsheetML and called xls',
      'libreoffice-spreadsheetml.xls',
      'Sheet1',
      'A',
      [...plain, '8 123457', ...mixed.slice(6), '11 ? 1234567890123460000', '12 ? 1/5/24'],
    ],
    [
      'LibreOffice saves as csv',
      'libreoffice-utf8.csv',
      null,
      'A',
      [...mixed, '11 ? 1.23456789012346E+018', '12 2024-01-05'],
    ],
    ['has the header in another row and column, xlsx', 'libreoffice-other-column.xlsx', 'Sheet1', 'C', column],
    ['has the header in another row and column, xls', 'libreoffice-other-column.xls', 'Sheet1', 'C', column],
    ['is csv in CP932', 'libreoffice-cp932.csv', null, 'C', column],
    ['is separated by tabs', 'libreoffice-tabs-utf8.csv', null, 'C', column],
    ['is separated by semicolons', 'libreoffice-semicolons-utf8.csv', null, 'C', column],
    ['is csv in CP949', 'libreoffice-cp949.csv', null, 'B', ['2 262749754', '3 0262749755']],
    ['has no header, xlsx', 'libreoffice-no-header.xlsx', 'Sheet1', 'A', bare],
    ['has no header, xls', 'libreoffice-no-header.xls', 'Sheet1', 'A', bare],
    [
      'has several sheets, one of them hidden, xlsx',
      'libreoffice-several-sheets.xlsx',
      '주문',
      'B',
      ['2 262749754', '3 262749755'],
    ],
    [
      'has several sheets, one of them hidden, xls',
      'libreoffice-several-sheets.xls',
      '주문',
      'B',
      ['2 262749754', '3 262749755'],
    ],
    ['has formulas in other columns, xlsx', 'libreoffice-formula-elsewhere.xlsx', 'Sheet1', 'C', column],
    ['has formulas in other columns, xls', 'libreoffice-formula-elsewhere.xls', 'Sheet1', 'C', column],
    [
      'Excel saves as xlsx',
      'excel.xlsx',
      'Sheet1',
      'A',
      [
        '2 262749754',
        '3 0262749755',
        '4 KR-262749756',
        '5 262749757',
        '6 062749758',
        '8 ? 11/20/26',
        '9 ? 1234567890123450000',
        '10 262749759012345',
        '11 ? #N/A',
        '12 262749760',
      ],
    ],
    [
      'Google Sheets saves as xlsx',
      'google-sheets.xlsx',
      'Sheet1',
      'A',
      ['2 262749754', '3 0262749755', '5 262749756012'],
    ],
    ['Excel saves as csv in UTF-8 with a byte order mark', 'excel-utf8-bom.csv', null, 'A', quoted],
    ['Excel saves as csv in Japan', 'excel-cp932.csv', null, 'A', quoted],
    ['Excel saves as Unicode text', 'excel-unicode-text.txt', null, 'A', ['2 262749754', '3 0262749755']],
    ['is the same the other way round', 'unicode-text-big-endian.txt', null, 'A', ['2 262749754', '3 0262749755']],
    ['Excel saves as a web page', 'excel-html.xls', null, 'A', ['2 262749754', '3 0262749755']],
    ['Excel 2003 saves as XML', 'excel-2003-xml.xls', '注文', 'B', ['3 262749754', '4 062749755']],
    ['the Open XML SDK writes', 'prefixed.xlsx', 'Sheet1', 'A', ['2 262749754']],
    ['is of the strict edition', 'strict.xlsx', 'Sheet1', 'A', ['1 262749754', '2 ? 2026-11-20']],
    [
      'openpyxl writes',
      'openpyxl.xlsx',
      '注文',
      'A',
      ['2 262749754', '3 0262749755', '4 262749756', '5 A-123457', '6 ? 1.5', '7 ? TRUE'],
    ],
    [
      'XlsxWriter writes',
      'xlsxwriter-inline.xlsx',
      'Orders',
      'C',
      ['2 KR-262749754 & 1', '3 062749755', '4 262749756'],
    ],
    ['xlwt writes', 'xlwt.xls', '주문 목록', 'B', ['2 262749754', '3 062749755', '4 262749756', '5 262749757']],
    [
      'Perl writes',
      'spreadsheet-writeexcel.xls',
      'Orders',
      'A',
      ['2 262749754', '3 0262749755', `71 X${'9'.repeat(60)}`, '72 A262749756'],
    ],
    [
      'Apache POI writes',
      'apache-poi.xls',
      '受注一覧',
      'B',
      ['3 262749754', '4 0262749755', '5 062749756', '6 KR-262749757'],
    ],
    ['is packed with zip64', 'commons-compress-zip64.xlsx', 'Sheet1', 'A', bare],
    ['a web shop calls xls, in CP932', 'php-html-cp932.xls', null, 'A', ['2 0262749754', '3 262749755', '5 262749756']],
    [
      'a web shop exports for Excel, in CP949',
      'php-cp949.csv',
      null,
      'A',
      ['2 0262749754', '3 262749755', '4 0262749756'],
    ],
    ['has the line ends of old Macs', 'mac-line-ends.csv', null, 'A', ['2 262749754', '3 262749755']],
    ['has a broken line', 'broken-quotes.csv', null, 'A', ['2 262749754', '3 ? "262749755,b', '4 262749756']],
  ])('%s (%s)', (_what, name, sheet, columnName, expected) => {
    const found = read(file(name));
    expect({ sheet: found.sheet, column: found.column, lines: lines(found) }).toEqual({
      sheet,
      column: columnName,
      lines: expected,
    });
  });

  it('is the template, filled in', async () => {
    const template = await orderFileTemplate();
    const sheet = unpack(template, zipEntries(template)).get('xl/worksheets/sheet1.xml') ?? '';
    expect(sheet).toContain('<c r="A1" s="2" t="inlineStr"><is><t>Order No.</t></is></c>');
    expect(sheet).toMatch(/<col min="1" max="1" width="28" style="1"/);
    const row = '<row r="2"><c r="A2" s="1" t="inlineStr"><is><t>0262749754</t></is></c></row></sheetData>';
    const filled = Buffer.from(sheet.replace('</sheetData>', row));
    expect(lines(read(withPart(template, 'xl/worksheets/sheet1.xml', filled)))).toEqual(['2 0262749754']);
  });
});

describe('a file is refused with a sentence that says what to do', () => {
  it.each([
    ['a password, xlsx', 'libreoffice-password.xlsx', { code: 'order_file_encrypted' }],
    ['a password, xls', 'libreoffice-password.xls', { code: 'order_file_encrypted' }],
    ['a formula, xlsx', 'libreoffice-formula.xlsx', { code: 'order_file_formulas', cell: 'A4' }],
    ['a formula, xls', 'libreoffice-formula.xls', { code: 'order_file_formulas', cell: 'A4' }],
    ['a formula, SpreadsheetML', 'excel-2003-xml-formula.xls', { code: 'order_file_formulas', cell: 'A2' }],
    ['a formula, csv', 'csv-formula.csv', { code: 'order_file_formulas', cell: 'A3' }],
    ['a link to another workbook, xlsx', 'libreoffice-external-link.xlsx', { code: 'order_file_external_links' }],
    ['a link to another workbook, xls', 'libreoffice-external-link.xls', { code: 'order_file_external_links' }],
    ['a connection to a database', 'connection.xlsx', { code: 'order_file_external_links' }],
    ['a part that is somewhere else', 'outside.xlsx', { code: 'order_file_external_links' }],
    ['macros, xlsm', 'macro.xlsm', { code: 'order_file_macros' }],
    ['macros under another name', 'macro-renamed.xlsx', { code: 'order_file_macros' }],
    ['macros, xls', 'macro-vba.xls', { code: 'order_file_macros' }],
    ['a macro sheet of Excel 4, xlsx', 'macro-sheet.xlsx', { code: 'order_file_macros' }],
    ['a macro sheet of Excel 4, xls', 'macro-sheet.xls', { code: 'order_file_macros' }],
    ['entities that multiply, xlsx', 'entities.xlsx', { code: 'order_file_kind' }],
    ['entities that multiply, SpreadsheetML', 'entities-spreadsheetml.xls', { code: 'order_file_kind' }],
    ['xlsb in it', 'binary.xlsb', { code: 'order_file_kind' }],
    ['ods in it', 'libreoffice-mixed.ods', { code: 'order_file_kind' }],
    ['a Word document in it', 'word.docx', { code: 'order_file_kind' }],
  ])('when it has %s (%s)', (_what, name, expected) => {
    expect(outcome(file(name))).toEqual(expected);
  });

  it.each([
    ['a picture', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'), 'order_file_kind'],
    ['a PDF', '%PDF-1.7\n1 0 obj\n', 'order_file_kind'],
    ['a page without a table', '<!doctype html><p>262749754', 'order_file_kind'],
    ['other XML', '<?xml version="1.0"?><svg/>', 'order_file_kind'],
    ['a zip archive of something else', storedZip(new Map([['a.txt', Buffer.from('262749754')]])), 'order_file_kind'],
    ['text with zero bytes', 'Order No.\n2627\x0049754\n', 'order_file_kind'],
    ['an xlsx that is cut off', file('excel.xlsx').subarray(0, 2_000), 'order_file_kind'],
    ['an xls that is cut off', file('xlwt.xls').subarray(0, 3_000), 'order_file_kind'],
    ['blank lines', '\ufeff \n\u3000\n,,\n', 'order_file_empty'],
    ['a header with nothing under it', 'Order No.\n\n', 'order_file_empty'],
    ['nothing that can be an order number', `Order No.\n${'x'.repeat(80)}\n`, 'order_file_empty'],
  ])('when it is %s', (_what, bytes, code) => {
    expect(outcome(bytes)).toEqual({ code });
  });

  it('when it has more than 100,000 order numbers; blank rows do not count', () => {
    const numbers = Array.from({ length: 100_001 }, (_, index) => `${262_749_754 + index}\n\n`);
    expect(read(`Order No.\n${numbers.slice(1).join('')}`).rows).toHaveLength(100_000);
    const refused = { code: 'order_file_too_many_rows', max: '100,000' };
    expect(outcome(`Order No.\n${numbers.join('')}`)).toEqual(refused);
    const rows = numbers.map((number) => `<row><c><v>${number.trim()}</v></c></row>`).join('');
    expect(outcome(withSheet(rows))).toEqual(refused);
  });
});
