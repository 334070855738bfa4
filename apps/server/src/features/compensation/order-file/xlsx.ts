import { posix } from 'node:path';
import { SSF } from '@e965/xlsx';
import { Refusal } from './refusal.ts';
import type { Sheet } from './sheet.ts';
import { type CellContext, sheetRows } from './xlsx-sheet.ts';
import { attribute, richText, tags } from './xml.ts';
import { damaged, unpack, type ZipEntry, zipEntries } from './zip.ts';

/** What the values of cells do not depend on; all of it together is often larger than the sheets. */
const notNeeded =
  /^(?:docProps|customXml|xl\/(?:media|drawings|charts|theme|embeddings|printerSettings|pivot\w+|slicer\w*|tables|threadedComments|persons|ctrlProps|activeX)\/|xl\/(?:comments|calcChain))/i;

/** More than the widest sheets of 100,000 rows have. */
const maxStrings = 4_000_000;

/** The parts of the file as latin1, by name in lower case: names are compared without regard to it. */
type Parts = ReadonlyMap<string, string>;

/**
 * The visible sheets of an xlsx file.
 * @throws Refusal
 */
export function readXlsx(bytes: Buffer): Sheet[] {
  const entries = zipEntries(bytes);
  refuseContents(entries);
  const needed = entries.filter(({ name }) => /\.(?:xml|rels)$/i.test(name) && !notNeeded.test(name));
  const parts: Parts = new Map([...unpack(bytes, needed)].map(([name, part]) => [name.toLowerCase(), part]));
  refuseTypes(textOf(parts, '[Content_Types].xml'));
  for (const [name, part] of parts) {
    // Nobody writes them. They would not be looked at, either.
    if (part.includes('<!DOCTYPE') || part.includes('<!ENTITY')) throw damaged();
    if (name.endsWith('.rels')) refuseOutside(part);
  }
  const workbook = targets(parts, '', '/officeDocument')[0]?.path ?? 'xl/workbook.xml';
  return visibleSheets(parts, workbook);
}

function visibleSheets(parts: Parts, workbook: string): Sheet[] {
  const worksheets = new Map(targets(parts, workbook, '/worksheet').map(({ id, path }) => [id, path]));
  const context = cellContext(parts, workbook);
  return tags(textOf(parts, workbook), 'sheet').flatMap((tag) => {
    const path = worksheets.get(attribute(tag, 'id') ?? '');
    const isVisible = (attribute(tag, 'state') ?? 'visible') === 'visible';
    if (path === undefined || !isVisible) return []; // sheets that are one chart have no cells
    const xml = textOf(parts, path);
    return [{ name: attribute(tag, 'name') ?? '', rows: (only?: number) => sheetRows(xml, context, only) }];
  });
}

function refuseContents(entries: readonly ZipEntry[]): void {
  const has = (name: RegExp) => entries.some((entry) => name.test(entry.name));
  if (has(/(?:^|\/)vbaProject\w*\.bin$|(?:^|\/)macrosheets\//i)) throw new Refusal('order_file_macros');
  if (has(/(?:^|\/)(?:externalLinks|queryTables)\/|(?:^|\/)connections\.xml$/i)) {
    throw new Refusal('order_file_external_links');
  }
}

/** The content types tell what parts are, whatever they are called. */
function refuseTypes(types: string): void {
  if (/sheet\.binary\./i.test(types)) throw damaged(); // xlsb
  if (/macroEnabled|vbaProject|macrosheet/i.test(types)) throw new Refusal('order_file_macros');
  if (/spreadsheetml\.(?:externalLink|connections|queryTable)\+xml/i.test(types)) {
    throw new Refusal('order_file_external_links');
  }
  if (!/spreadsheetml\.(?:sheet|template)\.main\+xml/i.test(types)) throw damaged(); // a document, a presentation
}

/** Addresses that cells link to are harmless; other parts from outside are not. */
function refuseOutside(relationships: string): void {
  for (const tag of tags(relationships, 'Relationship')) {
    const isOutside = attribute(tag, 'TargetMode')?.toLowerCase() === 'external';
    if (isOutside && !attribute(tag, 'Type')?.endsWith('/hyperlink')) throw new Refusal('order_file_external_links');
  }
}

/** The parts that a part is related to, by the end of the relationship's type: its beginning depends on the edition. */
function targets(parts: Parts, part: string, type: string): { id: string; path: string }[] {
  const folder = posix.dirname(part);
  const relationships = textOf(parts, posix.join(folder, '_rels', `${posix.basename(part)}.rels`));
  return tags(relationships, 'Relationship')
    .filter((tag) => attribute(tag, 'Type')?.endsWith(type))
    .map((tag) => {
      const target = attribute(tag, 'Target') ?? '';
      const path = target.startsWith('/') ? target.slice(1) : posix.join(folder, target);
      return { id: attribute(tag, 'Id') ?? '', path };
    });
}

function cellContext(parts: Parts, workbook: string): CellContext {
  const part = (type: string) => {
    const path = targets(parts, workbook, type)[0]?.path;
    return path === undefined ? '' : textOf(parts, path);
  };
  const strings = part('/sharedStrings');
  const places = stringPlaces(strings);
  const formats = styleFormats(part('/styles'));
  return {
    string(index) {
      const [start, end] = [places[index], places[index + 1]];
      if (start === undefined || end === undefined) throw damaged();
      return richText(strings.slice(start, end));
    },
    format: (style) => formats[style] ?? 'General',
  };
}

/** Where each shared string begins, and where the last one ends. A string is made when a cell asks for it. */
function stringPlaces(xml: string): number[] {
  const places: number[] = [];
  const start = /<(?:\w+:)?si[\s/>]/g;
  for (let found = start.exec(xml); found !== null; found = start.exec(xml)) {
    places.push(found.index);
    if (places.length > maxStrings) throw new Refusal('order_file_too_slow');
  }
  places.push(xml.length);
  return places;
}

/** The number format of each cell style. */
function styleFormats(xml: string): string[] {
  const own = new Map(tags(xml, 'numFmt').map((tag) => [attribute(tag, 'numFmtId'), attribute(tag, 'formatCode')]));
  const styles = /<(?:\w+:)?cellXfs[\s>][\s\S]*?<\/(?:\w+:)?cellXfs>/.exec(xml)?.[0] ?? '';
  const builtIn: Record<string, string | undefined> = SSF.get_table();
  return tags(styles, 'xf').map((tag) => {
    const id = attribute(tag, 'numFmtId') ?? '0';
    return own.get(id) ?? builtIn[id] ?? 'General';
  });
}

/** The text of a part, as latin1: UTF-8 is decoded where a text is made of it. Empty when the part is not there. */
function textOf(parts: Parts, name: string): string {
  return parts.get(name.toLowerCase()) ?? '';
}
