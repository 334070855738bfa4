/** A browser may refuse to keep anything (private windows, full disks): then nothing is remembered, and nothing fails. */
export function readStored(store: 'localStorage' | 'sessionStorage', key: string): string | null {
  try {
    return window[store].getItem(key);
  } catch {
    return null;
  }
}

/** Keeps a value; null forgets it. */
export function writeStored(store: 'localStorage' | 'sessionStorage', key: string, value: string | null): void {
  try {
    if (value === null) window[store].removeItem(key);
    else window[store].setItem(key, value);
  } catch {
    // not remembered
  }
}
