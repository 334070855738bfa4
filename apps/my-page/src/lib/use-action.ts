import { useState } from 'react';

/**
 * What a person asks for with a press: `busy` while it is under way, `refusal` when it was refused, until it is tried again.
 * @returns `run`, which never rejects.
 */
export function useAction<A extends unknown[]>(act: (...args: A) => Promise<void>) {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>();
  const run = async (...args: A) => {
    setBusy(true);
    setRefusal(undefined);
    try {
      await act(...args);
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  return { run, busy, refusal };
}
