import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { type FoundOrders, findOrders } from '../src/features/compensation/order-file/find-orders.ts';
import { readSheets } from '../src/features/compensation/order-file/read-sheets.ts';
import { Refusal } from '../src/features/compensation/order-file/refusal.ts';
import { storedZip, unpack, zipEntries } from '../src/features/compensation/order-file/zip.ts';

/** A file of test/data/order-files; its README says who made it. */
export function file(name: string): Buffer {
  return readFileSync(join(import.meta.dirname, 'data/order-files', name));
}

/** What a reader's thread does, in this one: hundreds of files are read here. */
export function read(bytes: Buffer | string): FoundOrders {
  return findOrders(readSheets(Buffer.from(bytes)));
}

/** `row order-number`, or `row ? what stood there`. */
export function lines({ rows }: Pick<FoundOrders, 'rows'>): string[] {
  return rows.map(({ rowNo, text, orderNo }) => `${rowNo} ${orderNo ?? `? ${text}`}`);
}

/** The lines that are read, or why the file is refused. */
export function outcome(bytes: Buffer | string): string[] | Record<string, string | number> {
  try {
    return lines(read(bytes));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { code: error.code, ...error.params };
  }
}

/** The archive with another content of one part. */
export function withPart(archive: Buffer, name: string, content: Buffer): Buffer {
  return storedZip(partsWith(archive, name, content));
}

function partsWith(archive: Buffer, name: string, content: Buffer): Map<string, Buffer> {
  const parts = [...unpack(archive, zipEntries(archive))];
  return new Map(parts.map(([part, old]) => [part, part === name ? content : Buffer.from(old, 'latin1')]));
}

/** An xlsx file with these rows; packed, it can claim another size for their sheet than it has. */
export function withSheet(
  rows: string,
  { packed = false, claimed }: { packed?: boolean; claimed?: number } = {},
): Buffer {
  const sheet = Buffer.from(`<worksheet><sheetData>${rows}</sheetData></worksheet>`);
  const parts = partsWith(file('strict.xlsx'), 'xl/worksheets/sheet1.xml', sheet);
  if (!packed) return storedZip(parts);
  return packedZip(
    [...parts].map(([name, content]) => ({ names: [name], content, ...(content === sheet ? { claimed } : {}) })),
  );
}

/** An xlsx file in which all of these names are for the same packed bytes. */
export function overlapping(content: Buffer, names: string[]): Buffer {
  const parts = [...unpack(file('strict.xlsx'), zipEntries(file('strict.xlsx')))];
  return packedZip([
    ...parts.map(([name, old]) => ({ names: [name], content: Buffer.from(old, 'latin1') })),
    { names, content },
  ]);
}

export function spreadsheetMl(rows: string): Buffer {
  const name = 'urn:schemas-microsoft-com:office:spreadsheet';
  return Buffer.from(
    `<?xml version="1.0"?><Workbook xmlns="${name}" xmlns:ss="${name}"><Worksheet ss:Name="a"><Table>${rows}</Table></Worksheet></Workbook>`,
  );
}

interface PackedPart {
  names: string[];
  content: Buffer;
  claimed?: number | undefined;
}

function packedZip(parts: PackedPart[]): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { names, content, claimed = content.length } of parts) {
    const packed = deflateRawSync(content);
    const header = (name: string) => {
      const fields = Buffer.alloc(26);
      fields.writeUInt16LE(8, 4);
      fields.writeUInt32LE(crc32(content), 10);
      fields.writeUInt32LE(packed.length, 14);
      fields.writeUInt32LE(claimed, 18);
      fields.writeUInt16LE(name.length, 22);
      return fields;
    };
    const [first = ''] = names;
    pieces.push(Buffer.from('PK\x03\x04'), header(first), Buffer.from(first), packed);
    for (const name of names) {
      const behind = Buffer.alloc(14);
      behind.writeUInt32LE(offset, 10);
      directory.push(Buffer.from('PK\x01\x02\0\0', 'latin1'), header(name), behind, Buffer.from(name));
    }
    offset += 30 + first.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(directory.length / 4, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...pieces, ...directory, end]);
}
