import type { Readable } from 'node:stream';
import type { Language } from '@coupon-push/contract/common.ts';
import { messageText } from '@coupon-push/i18n/translator.ts';
import type { Db } from '../../db/database.ts';
import { csvFile } from '../../lib/table-file.ts';
import type { UploadKey } from './db.ts';
import { unmatchedRows } from './service.ts';

/** The rows of an upload that named nobody, as csv: where, what stood there, and why, in the seller's language. */
export function unmatchedFile(db: Db, key: UploadKey, file: { language: Language; zone: string }): Readable {
  const text = (name: 'row' | 'text' | 'reason' | 'not_found' | 'other_shop' | 'unreadable') =>
    messageText(file.language, `unmatched.${name}`);
  return csvFile({
    name: 'unmatched',
    columns: [
      { heading: text('row'), kind: 'id', value: (row) => row.rowNo },
      { heading: text('text'), kind: 'text', value: (row) => row.text },
      { heading: text('reason'), kind: 'text', value: (row) => text(row.outcome) },
    ],
    pages: unmatchedRows(db, key),
    zone: file.zone,
  });
}
