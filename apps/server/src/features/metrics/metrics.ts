import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Database } from '../../db/database.ts';
import type { Clock } from '../../lib/clock.ts';
import { bounceClasses } from '../bounces/rules.ts';
import { type Deployment, readDeployment } from './db.ts';

/** Reading the deployment's figures costs some milliseconds; however many ask, it is done this seldom. */
const deploymentForMs = 5_000;
/** Prometheus waits ten seconds: a database that is silent, as when its host is cut off, must not cost a process's own figures. */
const usualPatienceMs = 8_000;

export interface MetricsParts {
  database: Database;
  clock: Clock;
  logger: Pick<Logger, 'warn'>;
  /** How long the figures of the deployment are waited for. */
  patienceMs?: number;
}

/**
 * The figures of this process, which add up over processes, and those of the whole deployment (`coupon_push_all_...`), which
 * every process shows alike. No label holds an address, a name or a number of a customer, shop or push.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #parts: MetricsParts;
  #deployment: { readAt: number; ended: boolean; figures: Promise<void> } | undefined;

  readonly requestSeconds = new Histogram({
    name: 'coupon_push_http_request_duration_seconds',
    help: 'Requests answered by this process, by route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.#registry],
  });
  readonly answers = new Counter({
    name: 'coupon_push_answers_total',
    help: 'What became of messages that this process handed to the other side; in_doubt: no answer was heard',
    labelNames: ['channel', 'outcome'],
    registers: [this.#registry],
  });
  readonly inFlight = new Gauge({
    name: 'coupon_push_in_flight',
    help: 'Messages of this process that wait for their answer',
    labelNames: ['channel'],
    registers: [this.#registry],
  });
  readonly answerSeconds = new Histogram({
    name: 'coupon_push_answer_duration_seconds',
    help: 'From handing a message over to its answer',
    labelNames: ['channel'],
    buckets: [0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120],
    registers: [this.#registry],
  });
  readonly #all = deploymentGauges(this.#registry);

  constructor(parts: MetricsParts) {
    this.#parts = parts;
    collectDefaultMetrics({ register: this.#registry });
    const { pool } = parts.database;
    new Gauge({
      name: 'coupon_push_database_connections',
      help: 'Connections of this process to the database; waiting: work that waits for one',
      labelNames: ['state'],
      registers: [this.#registry],
      collect() {
        this.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
        this.set({ state: 'idle' }, pool.idleCount);
        this.set({ state: 'waiting' }, pool.waitingCount);
      },
    });
  }

  /** As Prometheus reads it. While the database does not answer, the process's own figures are shown all the same. */
  async text(): Promise<string> {
    await this.#refresh();
    return await this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  async #refresh(): Promise<void> {
    const now = performance.now();
    const last = this.#deployment;
    if (last === undefined || (last.ended && now - last.readAt > deploymentForMs)) {
      const reading = { readAt: now, ended: false, figures: this.#readDeployment() };
      this.#deployment = reading;
      reading.figures.finally(() => {
        reading.ended = true;
      });
    }
    const patience = new AbortController();
    const isRead = await Promise.race([
      this.#deployment?.figures.then(() => true),
      wait(this.#parts.patienceMs ?? usualPatienceMs, false, { signal: patience.signal }),
    ]);
    if (isRead === false) this.#showNone();
    else patience.abort();
  }

  async #readDeployment(): Promise<void> {
    const { database, clock, logger } = this.#parts;
    try {
      show(this.#all, await readDeployment(database.db, clock.now()));
      this.#all.up.set(1);
    } catch (error) {
      logger.warn({ err: error }, 'the figures of the deployment could not be read');
      this.#showNone();
    }
  }

  #showNone(): void {
    for (const gauge of Object.values(this.#all)) gauge.reset();
    this.#all.up.set(0);
  }
}

type DeploymentGauges = ReturnType<typeof deploymentGauges>;

function deploymentGauges(registry: Registry) {
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Gauge<L>({ name: `coupon_push_all_${name}`, help, labelNames, registers: [registry] });
  return {
    up: gauge('up', '1 while the figures of the whole deployment can be read'),
    workers: gauge('workers', 'Worker processes that live'),
    pushes: gauge('pushes', 'Pushes that are being sent, wait past their slot, or wait for the operator', ['state']),
    paused: gauge('paused_channels', 'Channels of pushes that wait for the operator: a refusal is about us', [
      'channel',
    ]),
    lag: gauge('lag_seconds', 'Since the slot of the oldest push that is not through'),
    messages: gauge(
      'messages',
      'The ledger of pushes that are being sent or were dispatched in the last 24 hours, by channel and outcome',
      ['channel', 'outcome'],
    ),
    inFlight: gauge('batches_in_flight', 'Batches that are handed to the other side right now', ['channel']),
    bounces: gauge('bounces', 'E-mails of the last 7 days that came back or were complained about', ['class']),
    emailsSent: gauge('emails_sent', 'E-mails of the last 7 days that mail servers took: what bounces are a part of'),
    jobs: gauge('jobs', 'Jobs in the queue, 100,000 of them counted at most', ['task', 'state']),
    oldestJob: gauge('job_oldest_seconds', 'How long the oldest job that could run has waited', ['task']),
  };
}

function show(gauges: DeploymentGauges, figures: Deployment): void {
  for (const gauge of Object.values(gauges)) gauge.reset();
  gauges.workers.set(figures.workers);
  gauges.lag.set(figures.lagSeconds);
  for (const { state, pushes } of figures.pushes) gauges.pushes.set({ state }, pushes);
  for (const { channel, outcome, messages } of figures.messages) gauges.messages.set({ channel, outcome }, messages);
  for (const { channel, paused, batchesInFlight } of figures.channels) {
    gauges.paused.set({ channel }, paused);
    gauges.inFlight.set({ channel }, batchesInFlight);
  }
  gauges.emailsSent.set(figures.emailsSent);
  for (const of of bounceClasses) gauges.bounces.set({ class: of }, 0);
  for (const { class: of, customers } of figures.bounces) gauges.bounces.set({ class: of }, customers);
  for (const { task, state, jobs, oldestSeconds } of figures.jobs) {
    gauges.jobs.set({ task, state }, jobs);
    if (state === 'ready') gauges.oldestJob.set({ task }, oldestSeconds);
  }
}
