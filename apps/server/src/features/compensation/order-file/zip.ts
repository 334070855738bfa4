import { crc32, inflateRawSync } from 'node:zlib';
import { Refusal } from './refusal.ts';

export interface ZipEntry {
  name: string;
  method: number;
  encrypted: boolean;
  crc: number;
  packedSize: number;
  size: number;
  offset: number;
}

const maxEntries = 5_000;
/** What all parts together may unpack to. The widest sheets of 100,000 rows that 10 MB can hold have 80 MB. */
const maxUnpacked = 128 * 1024 * 1024;
/** Sheets pack to a tenth, at best to a fiftieth; deflate's limit is 1:1032. */
const maxRatio = 200;
const ratioCountsFrom = 1024 * 1024;

/**
 * What a zip archive says it holds: the names and sizes of its central directory, nothing of which is to be believed.
 * @throws Refusal order_file_kind when it is damaged, order_file_too_slow when it holds too much
 */
export function zipEntries(bytes: Buffer): ZipEntry[] {
  const { count, directory } = findDirectory(bytes);
  if (count > maxEntries) throw new Refusal('order_file_too_slow');
  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  let at = directory;
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50) throw damaged();
    const entry = readEntry(bytes, at);
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    const key = entry.name.toLowerCase();
    if (names.has(key)) throw damaged(); // one program reads the first of them, another one the last
    names.add(key);
    entries.push(entry);
  }
  return entries;
}

function findDirectory(bytes: Buffer): { count: number; directory: number } {
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (end < 0 || end + 22 > bytes.length) throw damaged();
  const [count, directory] = [bytes.readUInt16LE(end + 10), bytes.readUInt32LE(end + 16)];
  if (count !== 0xffff && directory !== 0xffffffff) return { count, directory };
  // Zip64, which streaming Java programs write for small files too.
  const wideEnd = bytes.lastIndexOf('PK\x06\x06', end, 'latin1');
  if (wideEnd < 0 || wideEnd + 56 > bytes.length) throw damaged();
  return {
    count: Number(bytes.readBigUInt64LE(wideEnd + 32)),
    directory: Number(bytes.readBigUInt64LE(wideEnd + 48)),
  };
}

function readEntry(bytes: Buffer, at: number): ZipEntry {
  const nameLength = bytes.readUInt16LE(at + 28);
  const name = bytes.toString('utf8', at + 46, at + 46 + nameLength).replaceAll('\\', '/');
  const extraAt = at + 46 + nameLength;
  const extra = bytes.subarray(extraAt, extraAt + bytes.readUInt16LE(at + 30));
  const [size = 0, packedSize = 0, offset = 0] = wide(
    extra,
    [at + 24, at + 20, at + 42].map((field) => bytes.readUInt32LE(field)),
  );
  return {
    name,
    method: bytes.readUInt16LE(at + 10),
    encrypted: (bytes.readUInt16LE(at + 8) & 1) === 1,
    crc: bytes.readUInt32LE(at + 16),
    packedSize,
    size,
    offset,
  };
}

/** Zip64: a field of all ones stands in the extra field, with 64 bits, in this order. */
function wide(extra: Buffer, fields: number[]): number[] {
  if (!fields.includes(0xffffffff)) return fields;
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let next = at + 4;
    return fields.map((field) => {
      if (field !== 0xffffffff) return field;
      if (next + 8 > extra.length) throw damaged();
      next += 8;
      return Number(extra.readBigUInt64LE(next - 8));
    });
  }
  throw damaged();
}

/**
 * Unpacks entries, never more than is allowed, whatever sizes they claim. They come as latin1 text: one byte a character,
 * outside of the heap.
 * @throws Refusal order_file_too_slow when they unpack to too much, order_file_encrypted, order_file_kind
 */
export function unpack(bytes: Buffer, entries: readonly ZipEntry[]): Map<string, string> {
  let total = 0;
  for (const { size, packedSize } of entries) {
    total += size;
    if (size > ratioCountsFrom && size > packedSize * maxRatio) throw new Refusal('order_file_too_slow');
  }
  if (total > maxUnpacked) throw new Refusal('order_file_too_slow');
  return new Map(entries.map((entry) => [entry.name, unpackOne(bytes, entry).toString('latin1')]));
}

function unpackOne(bytes: Buffer, entry: ZipEntry): Buffer {
  const { offset } = entry;
  if (entry.encrypted) throw new Refusal('order_file_encrypted');
  if (offset + 30 > bytes.length || bytes.readUInt32LE(offset) !== 0x04034b50) throw damaged();
  const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
  const packed = bytes.subarray(start, start + entry.packedSize);
  const unpacked = entry.method === 0 ? packed : inflate(packed, entry);
  if (unpacked.length !== entry.size || crc32(unpacked) !== entry.crc) throw damaged();
  return unpacked;
}

function inflate(packed: Buffer, { method, size }: ZipEntry): Buffer {
  if (method !== 8) throw damaged();
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(size, 1), chunkSize: Math.max(size + 1, 1024) });
  } catch {
    throw damaged(); // cut off, or more in it than it claims
  }
}

/** A zip archive of parts that are not packed. */
export function storedZip(parts: ReadonlyMap<string, Buffer>): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, content] of parts) {
    const name = Buffer.from(path);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0); // version
    fields.writeUInt16LE(0x0800, 2); // names are UTF-8
    fields.writeUInt16LE(0x21, 8); // 1980-01-01
    fields.writeUInt32LE(crc32(content), 10);
    fields.writeUInt32LE(content.length, 14);
    fields.writeUInt32LE(content.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const behind = Buffer.alloc(14);
    behind.writeUInt32LE(offset, 10);
    pieces.push(Buffer.from('PK\x03\x04'), fields, name, content);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, behind, name);
    offset += 30 + name.length + content.length;
  }
  const size = directory.reduce((sum, piece) => sum + piece.length, 0);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(parts.size, 8);
  end.writeUInt16LE(parts.size, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...pieces, ...directory, end]);
}

export function damaged(): Refusal {
  return new Refusal('order_file_kind');
}
