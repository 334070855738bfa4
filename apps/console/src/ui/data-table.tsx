import type { ReactNode } from 'react';
import classes from './data-table.module.css';

export interface Column<Row> {
  key: string;
  label: ReactNode;
  /** Figures stand right-aligned. */
  figure?: boolean;
  render: (row: Row) => ReactNode;
}

interface DataTableProps<Row> {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string | number;
  /** An older answer stands in while the asked one is on its way. */
  stale?: boolean;
}

/**
 * A table that becomes a list of labelled values where it has no room. It stays a table for screen readers: today's
 * browsers keep the roles with `display: block`.
 */
export function DataTable<Row>({ caption, columns, rows, rowKey, stale = false }: DataTableProps<Row>) {
  return (
    <table className={classes.table} aria-label={caption} aria-busy={stale}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.key} scope="col" data-figure={column.figure || undefined}>
              {column.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)}>
            {columns.map((column) => (
              <td key={column.key} data-figure={column.figure || undefined}>
                <span className={classes.label} aria-hidden>
                  {column.label}
                </span>
                <span className={classes.value}>{column.render(row)}</span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
