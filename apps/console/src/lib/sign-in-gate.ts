/**
 * Holds every request that was answered 401 until the seller has signed in again. However many requests wait, there
 * is one dialog.
 */
let waiting: { promise: Promise<void>; done: () => void } | null = null;
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

/** Resolves after the next successful sign-in. */
export function signInAgain(): Promise<void> {
  if (waiting === null) {
    let done = () => {};
    const promise = new Promise<void>((resolve) => {
      done = resolve;
    });
    waiting = { promise, done };
    tell();
  }
  return waiting.promise;
}

/** Lets the held requests go. */
export function signedInAgain(): void {
  waiting?.done();
  waiting = null;
  tell();
}

export function isSignInNeeded(): boolean {
  return waiting !== null;
}

export function onSignInNeeded(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
