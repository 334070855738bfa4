import { openDatabase } from '../apps/server/src/db/database.ts';
import { importKinds } from '../apps/server/src/features/imports/fields.ts';
import { runImport } from '../apps/server/src/features/imports/service.ts';
import type { ImportAnswer } from './import.ts';

/** Started by bench/import.ts: imports one file and tells how it went, and how much memory this process took at most. */
const [url = '', kindText, input = ''] = process.argv.slice(2);
const kind = importKinds.find((known) => known === kindText);
if (kind === undefined) throw new Error(`no such kind: ${kindText}`);
const { pool, close } = openDatabase(url);
const marketplace = { currency: 'JPY', zone: 'Asia/Tokyo', language: 'ja' };
const result = await runImport({ pool, kind, input, marketplace, rejectedPath: `${input}.rejected.csv` });
await close();
// resourceUsage counts in KiB.
const answer: ImportAnswer = { result, peakBytes: process.resourceUsage().maxRSS * 1024 };
process.send?.(answer);
process.disconnect?.();
