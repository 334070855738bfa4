import { oleSignature } from './ole.ts';
import { Refusal } from './refusal.ts';
import type { Sheet } from './sheet.ts';
import { readText } from './text.ts';
import { readXls } from './xls.ts';
import { readXlsx } from './xlsx.ts';
import { damaged } from './zip.ts';

/**
 * The sheets of a file, whatever it is called: what it is, its first bytes tell.
 * @throws Refusal, and nothing else
 */
export function readSheets(bytes: Buffer): Sheet[] {
  try {
    if (bytes.subarray(0, 2).equals(Buffer.from('PK'))) return readXlsx(bytes);
    if (bytes.subarray(0, 8).equals(oleSignature)) return readXls(bytes);
    return readText(bytes);
  } catch (error) {
    throw error instanceof Refusal ? error : damaged();
  }
}
