import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { RedeemRequest } from '@coupon-push/contract/redemptions.ts';

/** What a checkout does: it redeems, or it rolls an order back. */
export type CheckoutAct = { redeem: RedeemRequest } | { rollBack: string };

/** What became of it: `done`, or the code of the refusal. */
export interface CheckoutOutcome {
  orderNo: string;
  outcome: string;
  discountMinor: number;
}

const program = fileURLToPath(new URL('./fixtures/checkout.ts', import.meta.url));

/** Checkouts in several processes, each with connections of its own, that all act at the same moment. */
export class Checkouts {
  readonly #processes: ChildProcess[];

  private constructor(processes: ChildProcess[]) {
    this.#processes = processes;
  }

  /** Resolves when every process is connected. */
  static async start(url: string, secret: string, processes = 3): Promise<Checkouts> {
    const children = Array.from({ length: processes }, () => fork(program, [url, secret]));
    await Promise.all(children.map((child) => once(child, 'message')));
    return new Checkouts(children);
  }

  /** Deals the acts out to the processes, has them all begin at once, and waits for the last. */
  async race(acts: readonly CheckoutAct[]): Promise<CheckoutOutcome[]> {
    const answers = this.#processes.map(async (child, place) => {
      const answered = once(child, 'message');
      child.send(acts.filter((_, n) => n % this.#processes.length === place));
      const [outcomes] = (await answered) as [CheckoutOutcome[]];
      return outcomes;
    });
    return (await Promise.all(answers)).flat();
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#processes.map(async (child) => {
        const exited = once(child, 'exit');
        child.kill('SIGTERM');
        await exited;
      }),
    );
  }
}
