import { useSuspenseQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { type UseFormReturn, useForm } from 'react-hook-form';
import { readStored, writeStored } from '../../../lib/storage.ts';
import { marketplaceNow } from '../../marketplace/clock.ts';
import { meQuery } from '../../session/api/get-me.ts';
import { emptyWithSlot, readDraft, type StoredDraft } from './draft.ts';
import { type ApplyValues, emptyApplication } from './values.ts';

/** What happened to the draft in another tab. */
export type Elsewhere = { kind: 'applied'; pushId: number } | { kind: 'discarded' } | { kind: 'changed' };

export interface Draft {
  form: UseFormReturn<ApplyValues>;
  /** Changes what the seller changes. */
  change: (change: Partial<ApplyValues>) => void;
  /** When it was last kept, by the marketplace's clock; null while there is nothing to keep. */
  savedAt: string | null;
  /** It was found here when the page was opened, and nothing was changed since. */
  restored: boolean;
  /** False: this browser keeps nothing, so leaving the page loses what was typed. */
  kept: boolean;
  elsewhere: Elsewhere | null;
  forgetElsewhere: () => void;
  /** Empties the form, here and in every other tab. */
  discard: () => void;
  /** It was applied for: other tabs are told, and it is not shown again. */
  applied: (pushId: number) => void;
}

/**
 * The form of an application. What is typed is kept in the browser at once, per person and shop, until the application is
 * made; tabs with the same form show the same.
 */
export function useDraft(shopId: number, linked: Partial<ApplyValues>): Draft {
  const { data: me } = useSuspenseQuery(meQuery);
  const storageKey = `coupon-push.apply.${me.user.id}.${shopId}`;
  const [found] = useState(() => {
    const stored = readDraft(readStored(storageKey));
    return stored !== null && 'values' in stored ? stored : null;
  });
  const [savedAt, setSavedAt] = useState(found?.savedAt ?? null);
  const [restored, setRestored] = useState(found !== null);
  const [kept, setKept] = useState(true);
  const [elsewhere, setElsewhere] = useState<Elsewhere | null>(null);
  const form = useForm<ApplyValues>({ defaultValues: found?.values ?? emptyApplication });
  /** What is known to be kept; the form saying the same again is no change. */
  const known = useRef<string | undefined>(found === null ? undefined : JSON.stringify(found.values));
  /** Until then there is nothing of the seller's to keep: the form chooses a slot by itself. */
  const touched = useRef(found !== null);

  const { subscribe, setValue } = form;
  useEffect(
    () =>
      subscribe({
        formState: { values: true },
        callback: ({ values }) => {
          const text = JSON.stringify(values);
          if (!touched.current || text === known.current) return;
          known.current = text;
          const at = marketplaceNow().toISOString();
          setKept(writeStored(storageKey, { values, savedAt: at } satisfies StoredDraft));
          setSavedAt(at);
          setRestored(false);
        },
      }),
    [subscribe, storageKey],
  );
  useEffect(() => {
    for (const [name, value] of Object.entries(linked)) {
      touched.current = true;
      setValue(name as keyof ApplyValues, value as never);
    }
  }, [linked, setValue]);

  const empty = () => {
    touched.current = false;
    known.current = undefined;
    form.reset(emptyWithSlot(form.getValues()));
    setSavedAt(null);
    setRestored(false);
  };
  useOtherTabs(storageKey, (stored) => {
    if ('ended' in stored) {
      empty();
      setElsewhere(stored.ended === 'applied' ? { kind: 'applied', pushId: stored.pushId } : { kind: 'discarded' });
      return;
    }
    touched.current = true;
    known.current = JSON.stringify(stored.values);
    form.reset(stored.values);
    setSavedAt(stored.savedAt);
    setRestored(false);
    setElsewhere({ kind: 'changed' });
  });

  return {
    form,
    change: (change) => {
      touched.current = true;
      for (const [name, value] of Object.entries(change)) setValue(name as keyof ApplyValues, value as never);
    },
    savedAt,
    restored,
    kept,
    elsewhere,
    forgetElsewhere: () => setElsewhere(null),
    discard: () => {
      empty();
      setKept(true);
      writeStored(storageKey, { ended: 'discarded' } satisfies StoredDraft);
    },
    applied: (pushId) => void writeStored(storageKey, { ended: 'applied', pushId } satisfies StoredDraft),
  };
}

/** Calls back when another tab has kept something else. */
function useOtherTabs(storageKey: string, onStored: (stored: StoredDraft) => void): void {
  const latest = useRef(onStored);
  useEffect(() => {
    latest.current = onStored;
  });
  useEffect(() => {
    const listen = (event: StorageEvent) => {
      if (event.key !== storageKey) return;
      const stored = readDraft(readStored(storageKey));
      if (stored !== null) latest.current(stored);
    };
    window.addEventListener('storage', listen);
    return () => window.removeEventListener('storage', listen);
  }, [storageKey]);
}
