import { damaged } from './zip.ts';

export const oleSignature = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);

export interface OleFile {
  /** The streams and storages at the top, by name in lower case. */
  names: ReadonlySet<string>;
  /** The bytes of a stream at the top; undefined when there is none of that name. */
  stream(name: string): Buffer | undefined;
}

interface Entry {
  name: string;
  type: number;
  left: number;
  right: number;
  child: number;
  start: number;
  size: number;
}

const miniStreamBelow = 4096;
const miniSectorSize = 64;

/**
 * Opens a compound file ([MS-CFB]): the file system inside of xls. Own code because SheetJS follows a chain of sectors that
 * bites its own tail until the memory is full.
 * @throws Refusal order_file_kind when it is damaged
 */
export function openOle(bytes: Buffer): OleFile {
  if (bytes.length < 512) throw damaged();
  const shift = bytes.readUInt16LE(30);
  if (shift !== 9 && shift !== 12) throw damaged();
  const sectors = new Sectors(bytes, 1 << shift);
  const entries = readEntries(sectors.read(bytes.readUInt32LE(48)));
  const [root] = entries;
  if (root === undefined) throw damaged();
  const top = topEntries(entries, root.child);
  const small = () => {
    const container = sectors.read(root.start);
    const table = toNumbers(sectors.read(bytes.readUInt32LE(60)));
    return { container, table };
  };
  return {
    names: new Set(top.map(({ name }) => name.toLowerCase())),
    stream(name) {
      const entry = top.find((one) => one.type === 2 && one.name.toLowerCase() === name.toLowerCase());
      if (entry === undefined) return undefined;
      const content = entry.size < miniStreamBelow ? readMini(small(), entry) : sectors.read(entry.start);
      if (content.length < entry.size) throw damaged();
      return content.subarray(0, entry.size);
    },
  };
}

class Sectors {
  private readonly bytes: Buffer;
  private readonly size: number;
  private readonly next: number[];

  constructor(bytes: Buffer, size: number) {
    this.bytes = bytes;
    this.size = size;
    this.next = this.tableSectors().flatMap((sector) => toNumbers(this.sector(sector)));
  }

  /** The sectors in which the table of chains stands: 109 are named in the header, the others in a chain of their own. */
  private tableSectors(): number[] {
    const inHeader = toNumbers(this.bytes.subarray(76, 512));
    const all = inHeader.filter(isSector);
    const most = this.bytes.length / this.size;
    for (let at = this.bytes.readUInt32LE(68); isSector(at); ) {
      const numbers = toNumbers(this.sector(at));
      at = numbers.pop() ?? 0;
      all.push(...numbers.filter(isSector));
      if (all.length > most) throw damaged();
    }
    return all;
  }

  /** All bytes of the chain that begins at a sector. */
  read(start: number): Buffer {
    return Buffer.concat(follow(start, this.next).map((sector) => this.sector(sector)));
  }

  private sector(sector: number): Buffer {
    const at = (sector + 1) * this.size;
    if (at >= this.bytes.length) throw damaged();
    return this.bytes.subarray(at, at + this.size); // some programs write the last one short
  }
}

function readMini({ container, table }: { container: Buffer; table: number[] }, { start }: Entry): Buffer {
  const places = follow(start, table).map((sector) => sector * miniSectorSize);
  return Buffer.concat(places.map((at) => container.subarray(at, at + miniSectorSize)));
}

/** The numbers of a chain. @throws Refusal order_file_kind when it is longer than the table: it goes in circles */
function follow(start: number, next: readonly number[]): number[] {
  const chain: number[] = [];
  for (let at = start; isSector(at); at = next[at] ?? 0xffffffff) {
    chain.push(at);
    if (chain.length > next.length) throw damaged();
  }
  return chain;
}

/** Above are the marks: end of chain, free, part of a table. */
function isSector(number: number): boolean {
  return number < 0xfffffffa;
}

function toNumbers(bytes: Buffer): number[] {
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => bytes.readUInt32LE(index * 4));
}

function readEntries(directory: Buffer): Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at + 128 <= directory.length; at += 128) {
    const nameLength = Math.min(Math.max(directory.readUInt16LE(at + 64) - 2, 0), 62);
    entries.push({
      name: directory.toString('utf16le', at, at + nameLength),
      type: directory.readUInt8(at + 66),
      left: directory.readUInt32LE(at + 68),
      right: directory.readUInt32LE(at + 72),
      child: directory.readUInt32LE(at + 76),
      start: directory.readUInt32LE(at + 116),
      size: directory.readUInt32LE(at + 120),
    });
  }
  return entries;
}

/** The tree of siblings under the root; objects that are embedded in the file have streams of the same names deeper down. */
function topEntries(entries: readonly Entry[], child: number): Entry[] {
  const top = new Set<Entry>();
  const todo = [child];
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    const entry = entries[at];
    if (entry === undefined || top.has(entry)) continue;
    top.add(entry);
    todo.push(entry.left, entry.right);
  }
  return [...top];
}
