import type { LimitedChannel, SendingLimits } from '@coupon-push/contract/operator.ts';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Adjustable, Permits } from '../channels/permits.ts';
import { noticesCutOff } from '../db/database.ts';
import { lockSpace } from '../jobs/worker-process.ts';
import { type ConnectionLocks, SharedConnections } from './shared-connections.ts';
import { SharedRate, type Turns } from './shared-rate.ts';

/** The first keys of advisory locks: that a process is there (second key 0), and the numbered connections of a channel. */
export const presence = lockSpace + 1;
const connectionSpace: Record<LimitedChannel, number> = {
  email: lockSpace + 2,
  web_push: lockSpace + 3,
  fcm: lockSpace + 4,
};
const lookEveryMs = 1000;
/**
 * The locks of a process that is cut off are let go of after so long. By then nothing of it is open any more: from its last
 * look it waits so long for an answer, and then as long for its connections (shared-connections.ts).
 */
const letGoAfterSeconds = 8;
const silentForMs = 3000;
const reconnectAfterMs = 500;
/** With fewer connections than processes, each has its turn for so long. */
const turnSeconds = 5;

interface Look {
  limits: (SendingLimits & { channel: LimitedChannel })[];
  workers: number[];
  me: number;
  turn: number;
}

/**
 * Keeps this worker process to limits that hold for all of them together (spec 6). It has a database connection of its own:
 * with it goes whatever the process held, however it died. Whoever cannot reach the database has nothing to send with.
 * Times are the database's and the machine's, never the demo's.
 */
export class SharedLimits {
  readonly #url: string;
  readonly #logger: Logger;
  readonly #rates: Record<LimitedChannel, SharedRate>;
  #connections: [LimitedChannel, SharedConnections][] = [];
  #client: pg.Client | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #looking = false;
  #stopped = false;

  constructor(url: string, logger: Logger) {
    this.#url = url;
    this.#logger = logger;
    const rate = (channel: LimitedChannel) => new SharedRate((count) => this.#askForTurns(channel, count));
    this.#rates = { email: rate('email'), web_push: rate('web_push'), fcm: rate('fcm') };
  }

  permits(channel: LimitedChannel): Permits {
    return this.#rates[channel];
  }

  /** Resolves when these channels keep to the limits. */
  async start(channels: Partial<Record<LimitedChannel, Adjustable>>): Promise<void> {
    const names = Object.keys(channels) as LimitedChannel[];
    this.#connections = names.flatMap((name) => {
      const channel = channels[name];
      return channel === undefined
        ? []
        : [[name, new SharedConnections(channel)] as [LimitedChannel, SharedConnections]];
    });
    await this.#connect();
    await Promise.all(await this.#look());
    this.#timer = setInterval(() => this.#lookAgain(), lookEveryMs);
  }

  /** This process stops: nobody else's turn comes. */
  end(): void {
    for (const rate of Object.values(this.#rates)) rate.end();
  }

  /** When the channels are closed: the others may have what was ours. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const settings = noticesCutOff(letGoAfterSeconds);
    const client = new pg.Client({
      ...settings,
      connectionString: this.#url,
      application_name: 'coupon-push limits',
      // A turn that a crash of the database forgets is past by the time it is back.
      options: `${settings.options} -c synchronous_commit=off`,
      connectionTimeoutMillis: silentForMs,
      query_timeout: silentForMs,
    });
    client.on('error', () => undefined); // 'end' follows
    client.on('end', () => this.#lost(client));
    try {
      await client.connect();
      await client.query('select pg_advisory_lock_shared($1, 0)', [presence]);
    } catch (error) {
      // Left open, it would count as one worker more as soon as the database answers.
      void client.end().catch(() => undefined);
      throw error;
    }
    if (this.#stopped) return await client.end();
    this.#client = client;
  }

  #lost(client: pg.Client): void {
    if (this.#stopped || client !== this.#client) return;
    this.#client = undefined;
    for (const [, connections] of this.#connections) connections.cutOff();
    const again = () => {
      if (this.#stopped) return;
      this.#connect().catch(() => setTimeout(again, reconnectAfterMs).unref());
    };
    again();
  }

  /** One at a time. A silent database is one that is lost. */
  #query<R extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<R[]> {
    const client = this.#client;
    const asked = this.#turn.then(async () => {
      if (client === undefined || client !== this.#client) throw new Error('no connection to the database');
      try {
        return (await client.query<R>(text, values)).rows;
      } catch (error) {
        if (!(error instanceof pg.DatabaseError)) {
          this.#lost(client);
          void client.end().catch(() => undefined);
        }
        throw error;
      }
    });
    this.#turn = asked.catch(() => undefined);
    return asked;
  }

  #lookAgain(): void {
    if (this.#looking || this.#client === undefined) return;
    this.#looking = true;
    const warn = (error: unknown) => {
      if (!this.#stopped) this.#logger.warn({ err: error }, 'the limits of sending could not be looked up');
    };
    this.#look()
      .then((adjusting) => void Promise.all(adjusting).catch(warn))
      .catch(warn)
      .finally(() => {
        this.#looking = false;
      });
  }

  async #look(): Promise<Promise<void>[]> {
    const [seen] = await this.#query<Look & pg.QueryResultRow>(
      `select array(
                select pid from pg_locks
                 where locktype = 'advisory' and classid = $1 and objid = 0 and granted
                   and database = (select oid from pg_database where datname = current_database())
                 order by pid) as workers,
              pg_backend_pid() as me, floor(extract(epoch from clock_timestamp()) / $2)::int as turn,
              (select json_agg(json_build_object(
                        'channel', channel, 'messagesPerSecond', messages_per_second, 'connections', connections,
                        'messagesPerConnection', messages_per_connection))
                 from sending_limit) as limits`,
      [presence, turnSeconds],
    );
    if (seen === undefined) return [];
    for (const { channel, messagesPerSecond } of seen.limits) this.#rates[channel].limit(messagesPerSecond);
    return this.#connections.flatMap(([name, connections]) => {
      const limits = seen.limits.find(({ channel }) => channel === name);
      if (limits === undefined) return [];
      const { connections: limit, messagesPerConnection } = limits;
      const share = limit === null ? 0 : shareOf(limit, seen);
      return [connections.keepTo({ limit, share, messagesPerConnection }, this.#locks(connectionSpace[name]))];
    });
  }

  async #askForTurns(channel: LimitedChannel, count: number): Promise<Turns | undefined> {
    // Far ahead are the turns of many processes at a low rate, which wait; further still, a clock that was set back.
    const [given] = await this.#query<{ ends_in_ms: number; step_ms: number }>(
      `update sending_limit
          set next_at = case when next_at > clock_timestamp() + interval '1 minute' then clock_timestamp()
                             else greatest(next_at, clock_timestamp()) end
                        + make_interval(secs => $2 / messages_per_second::float8)
        where channel = $1 and messages_per_second is not null
          and (next_at < clock_timestamp() + interval '2 seconds' or next_at > clock_timestamp() + interval '1 minute')
       returning (extract(epoch from next_at - clock_timestamp()) * 1000)::float8 as ends_in_ms,
                 1000 / messages_per_second::float8 as step_ms`,
      [channel, count],
    );
    if (given === undefined) return undefined;
    return { count, stepMs: given.step_ms, beginInMs: given.ends_in_ms - count * given.step_ms };
  }

  #locks(space: number): ConnectionLocks {
    return {
      take: async (count, limit) => {
        const free = await this.#query<{ number: number }>(
          `select number from generate_series(1, $2::int) number
            where not exists (select from pg_locks
                               where locktype = 'advisory' and classid = $1 and objid = number
                                 and database = (select oid from pg_database where datname = current_database()))`,
          [space, limit],
        );
        const taken: number[] = [];
        for (const { number } of free) {
          if (taken.length === count) break;
          const [answer] = await this.#query<{ ours: boolean }>('select pg_try_advisory_lock($1, $2) as ours', [
            space,
            number,
          ]);
          if (answer?.ours === true) taken.push(number);
        }
        return taken;
      },
      giveBack: async (numbers) => {
        for (const number of numbers) await this.#query('select pg_advisory_unlock($1, $2)', [space, number]);
      },
    };
  }
}

/** Equal parts; what does not divide goes round. */
export function shareOf(limit: number, seen: { workers: readonly number[]; me: number; turn: number }): number {
  const count = Math.max(1, seen.workers.length);
  const place = (Math.max(0, seen.workers.indexOf(seen.me)) + seen.turn) % count;
  return Math.floor(limit / count) + (place < limit % count ? 1 : 0);
}
