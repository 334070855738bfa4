/** Dispatches, and the first ranges of pushes, that this process is at. */
let underWay = 0;
const onDone: (() => void)[] = [];
/** However many pushes begin: sending goes on after so long, a window at a time. */
const longestMs = 500;

/**
 * Work that others wait for: what makes the first batches of a push. One thread does it and hands e-mails to the wire; in
 * the midst of another push's thousands it would take many times as long.
 */
export async function firstThing<T>(work: () => Promise<T>): Promise<T> {
  underWay += 1;
  try {
    return await work();
  } finally {
    underWay -= 1;
    if (underWay === 0) for (const resolve of onDone.splice(0)) resolve();
  }
}

/** What is later in its push lets such work pass. */
export async function afterFirstThings(): Promise<void> {
  if (underWay === 0) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, longestMs);
    onDone.push(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
