/**
 * Holds every request that was answered 401 until the seller has signed in again. However many requests wait, there
 * is one dialog.
 */
let waiting: { promise: Promise<void>; done: () => void } | null = null;
let signIns = 0;
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

/** How often the seller has signed in again so far: to be asked before a request is sent. */
export function signInsSoFar(): number {
  return signIns;
}

/**
 * Resolves after the next successful sign-in.
 * @param before the sign-ins when the request was sent: one that came too early for a sign-in since then need not wait.
 */
export async function signInAgain(before: number): Promise<void> {
  if (signIns > before) return;
  if (waiting === null) {
    let done = () => {};
    const promise = new Promise<void>((resolve) => {
      done = resolve;
    });
    waiting = { promise, done };
    tell();
  }
  await waiting.promise;
}

/** Lets the held requests go. */
export function signedInAgain(): void {
  signIns += 1;
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
