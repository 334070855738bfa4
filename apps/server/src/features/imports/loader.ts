import type pg from 'pg';
import { Chunk } from './chunk.ts';
import type { ImportKind } from './fields.ts';
import { createWanted, dropWanted, mergeCustomers } from './merge-customers.ts';
import { mergeFellows } from './merge-fellows.ts';
import { createUnits, dropUnits, mergeItems, rankByUnits } from './merge-items.ts';
import { mergeOrders } from './merge-orders.ts';
import { createStaging, dropStaging, loadChunk, type MergeInput, type MergeOutput } from './staging.ts';

const merges: Record<ImportKind, (input: MergeInput) => Promise<MergeOutput>> = {
  customers: mergeCustomers,
  items: mergeItems,
  orders: mergeOrders,
  fellows: mergeFellows,
};

interface Lane {
  client: pg.PoolClient;
  chunk: Chunk | undefined;
  /** Resolves when the lane is free again; never rejects. */
  busy: Promise<void>;
}

export interface LoaderOptions {
  pool: pg.Pool;
  kind: ImportKind;
  zone: string;
  language: string;
  source: string;
  now: Date;
  /** Connections to load through. */
  lanes: number;
  onLoaded: (chunk: Chunk, output: MergeOutput) => Promise<void>;
}

/**
 * Loads chunks through a few connections at once, while the next one is read. Chunks that share a key take turns in the
 * order in which they came, so that the last row wins, and so that two transactions never wait for each other.
 */
export class Loader {
  private readonly options: LoaderOptions;
  private readonly lanes: Lane[] = [];
  /** Whether rows are expected not to be there yet; what the last chunk turned out to be. */
  private fresh = true;
  private failure: unknown;
  /** Chunks that are through, to be filled again. */
  private readonly spare: Chunk[] = [];

  private constructor(options: LoaderOptions) {
    this.options = options;
  }

  static async open(options: LoaderOptions): Promise<Loader> {
    const loader = new Loader(options);
    // Ranks are worked out from what one connection has staged.
    const lanes = options.kind === 'items' ? 1 : options.lanes;
    try {
      for (let count = 0; count < lanes; count += 1) {
        const client = await options.pool.connect();
        loader.lanes.push({ client, chunk: undefined, busy: Promise.resolve() });
        await createStaging(client, options.kind);
        if (options.kind === 'customers') await createWanted(client);
        if (options.kind === 'items') await createUnits(client);
      }
    } catch (error) {
      loader.release(true);
      throw error;
    }
    return loader;
  }

  /**
   * Takes a chunk, which is the loader's from then on. Resolves to an empty one when a connection was free for it.
   * @throws what an earlier chunk threw
   */
  async load(chunk: Chunk): Promise<Chunk> {
    if (chunk.size === 0) return chunk;
    for (const lane of this.lanes) {
      if (lane.chunk?.sharesKeyWith(chunk)) await lane.busy;
    }
    const free =
      this.lanes.find((lane) => lane.chunk === undefined) ??
      (await Promise.race(this.lanes.map(async (lane) => lane.busy.then(() => lane))));
    this.rethrow();
    free.chunk = chunk;
    free.busy = this.run(free.client, chunk)
      .catch((error: unknown) => {
        this.failure ??= error;
      })
      .then(() => {
        free.chunk = undefined;
        chunk.reset();
        this.spare.push(chunk);
      });
    return this.spare.pop() ?? new Chunk();
  }

  /** Resolves when everything is in. */
  async finish(options: { rankByUnits: boolean }): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.busy));
    this.rethrow();
    const client = this.lanes[0]?.client;
    if (options.rankByUnits && client) await rankByUnits(client, this.options.now);
  }

  /** Gives the connections back, without staging tables; after a failure they are closed instead. */
  async close(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.busy));
    if (this.failure === undefined) {
      for (const { client } of this.lanes) {
        await dropStaging(client);
        if (this.options.kind === 'customers') await dropWanted(client);
        if (this.options.kind === 'items') await dropUnits(client);
      }
    }
    this.release(this.failure !== undefined);
  }

  private release(destroy: boolean): void {
    for (const { client } of this.lanes.splice(0)) client.release(destroy);
  }

  private rethrow(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  private async run(client: pg.PoolClient, chunk: Chunk): Promise<void> {
    const { kind, zone, language, source, now } = this.options;
    const { fresh } = this;
    const input = { client, chunk, zone, language, source, now };
    let output: MergeOutput;
    try {
      output = await loadChunk({ ...input, fresh }, merges[kind]);
    } catch (error) {
      if (!fresh || !isUniqueViolation(error)) throw error;
      this.fresh = false;
      output = await loadChunk({ ...input, fresh: false }, merges[kind]);
    }
    await this.options.onLoaded(chunk, output);
  }
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505';
}
