import { type ApplyValues, emptyApplication, restoreDraft } from './values.ts';

/** What is kept of an application in the browser. */
export type StoredDraft =
  | { values: ApplyValues; savedAt: string }
  /** Left behind for other tabs, which then know what became of it. */
  | { ended: 'applied'; pushId: number }
  | { ended: 'discarded' };

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** What stands in the browser's storage, whatever that is; null when there is nothing to go on with. */
export function readDraft(stored: unknown): StoredDraft | null {
  if (!isRecord(stored)) return null;
  if (stored.ended === 'applied' && typeof stored.pushId === 'number') {
    return { ended: 'applied', pushId: stored.pushId };
  }
  if (stored.ended === 'discarded') return { ended: 'discarded' };
  if (!isRecord(stored.values) || typeof stored.savedAt !== 'string') return null;
  if (Number.isNaN(Date.parse(stored.savedAt))) return null;
  return { values: restoreDraft(stored.values), savedAt: stored.savedAt };
}

/** An empty form with the slot that is chosen now: that one was chosen by the form itself. */
export function emptyWithSlot({ date, time }: Pick<ApplyValues, 'date' | 'time'>): ApplyValues {
  return { ...emptyApplication, date, time };
}
