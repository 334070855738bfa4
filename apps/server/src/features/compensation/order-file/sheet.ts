import type { WorkSheet } from '@e965/xlsx';
import type { Cell } from './cell.ts';

/** A sheet of whatever kind of file; files of text are one sheet without a name. */
export interface Sheet {
  name: string | null;
  /** From top to bottom, again with every call; with `only`, no other column (from 0) is needed. */
  rows(only?: number): Iterable<SheetRow>;
}

export interface SheetRow {
  /** As the seller's program counts it, from 1. */
  rowNo: number;
  cells: readonly (Cell | undefined)[];
  /** The text of a row that could not be split into cells. */
  broken?: string;
}

/** The grid that SheetJS gives with its option `dense`: arrays with holes. */
export type Grid = (Cell | undefined)[][];

/** The most that any spreadsheet program has; hostile files name higher ones. */
export const lastRow = 1_048_576;
export const lastColumn = 16_384;

/** A sheet of a grid. */
export function gridSheet(name: string | null, grid: Grid): Sheet {
  return {
    name,
    // for...in visits the rows that are there: a sheet of two cells may have its second one in row 1,000,000.
    *rows() {
      for (const key in grid) {
        const cells = grid[key];
        const rowNo = Number(key) + 1;
        if (cells !== undefined && rowNo <= lastRow) yield { rowNo, cells: cells.slice(0, lastColumn) };
      }
    },
  };
}

/** The grid in a worksheet read by SheetJS. */
export function gridOf(worksheet: WorkSheet): Grid {
  return worksheet['!data'] ?? [];
}
