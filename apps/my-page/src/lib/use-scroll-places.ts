import { useEffect, useLayoutEffect } from 'react';
import { useLocation } from 'wouter';

/** By the number of an entry of the browser's history. */
const places = new Map<number, number>();
let entry = 0;

/** Frames in which a page that is shown again may grow to where it was left. */
const patience = 20;

/** A new page begins at its top; one that the reader comes back to is where it was left. */
export function useScrollPlaces(): void {
  const [path] = useLocation();
  useEffect(() => {
    history.scrollRestoration = 'manual';
    const onScroll = () => places.set(entry, scrollY);
    addEventListener('scroll', onScroll, { passive: true });
    return () => removeEventListener('scroll', onScroll);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when another page is shown
  useLayoutEffect(() => {
    entry = entryShown();
    const place = places.get(entry) ?? 0;
    let frame = 0;
    let tried = 0;
    const go = () => {
      scrollTo(0, place);
      tried += 1;
      if (scrollY < place && tried < patience) frame = requestAnimationFrame(go);
    };
    go();
    return () => cancelAnimationFrame(frame);
  }, [path]);
}

/** The number of the history's entry that is shown; one that has none yet is given one. */
function entryShown(): number {
  const state: unknown = history.state;
  if (typeof state === 'object' && state !== null && 'entry' in state) return Number(state.entry);
  const number = Date.now() + Math.random();
  history.replaceState({ entry: number }, '');
  return number;
}
