import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until, untilEnded } from '../../../test/books.ts';
import { bounceSample, returnMail, returnPaths } from '../../../test/bounces.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { createFellows, createMarketplace, createShop } from '../../../test/marketplace.ts';
import { PushService } from '../../../test/push-service.ts';
import { SettableClock } from '../../../test/settable-clock.ts';
import { SmtpPeer } from '../../../test/smtp-peer.ts';
import { createWaitingPush, dispatchNow } from '../../../test/waiting-push.ts';
import { WorkerUnderTest } from '../../../test/worker-process.ts';
import { createApi } from '../../api.ts';
import { keptVapidKeys } from '../../channels/web-push/kept-keys.ts';
import { openDatabase } from '../../db/database.ts';
import { startEngine } from '../../engine.ts';
import { listenForChanges } from '../../http/changes.ts';
import { createLogger } from '../../lib/logger.ts';
import { startBounceReceiver } from '../bounces/receiver.ts';
import { Metrics } from './metrics.ts';
import { type MetricsServer, startMetricsServer } from './server.ts';

const slot = new Date('2026-11-25T10:00:00+09:00');

let database: TestDatabase;
let metrics: Metrics;
let server: MetricsServer;
/** All that was logged, at the level that tells most. */
let logged = '';
/** What no log may hold: addresses, tokens and endpoints of customers. */
const secrets: string[] = [];
let text: string;
const cleanUp: (() => Promise<unknown>)[] = [];

/**
 * A push to twelve of which much goes wrong: refusals for good and for a while, a lost connection, bounces and complaints.
 * Another one is refused because of us, and waits for the operator.
 */
beforeAll(async () => {
  database = await createTestDatabase();
  await createMarketplace(database.db);
  const { db } = database;
  const logs = new Writable({
    write: (chunk, _encoding, done) => {
      logged += chunk;
      done();
    },
  });
  const logger = createLogger('trace', logs);
  const clock = new SettableClock();
  clock.set(slot);
  const smtp = await SmtpPeer.start();
  const pushService = await new PushService().start();
  metrics = new Metrics({ database, clock, logger });
  server = await startMetricsServer(metrics, { host: '127.0.0.1', port: 0, logger });
  const shop = await createShop(db, 'はなみどり');
  const { reachable: customers = [] } = await createFellows(db, shop.shopId, { reachable: 12, refused: 1 });
  const addressOf = (index: number) => `c${customers[index]}@customers.example.com`;
  const { publicKey } = await keptVapidKeys(db);
  for (const customerId of customers.slice(0, 4)) {
    const { endpoint, p256dh, auth } = pushService.subscribe(publicKey);
    const keys = { p256dh, auth, vapid_key: publicKey };
    const subscription = {
      customer_id: customerId,
      transport: 'web_push',
      endpoint,
      ...keys,
      created_at: slot,
    } as const;
    await db.insertInto('subscription').values(subscription).execute();
    secrets.push(endpoint, auth, p256dh);
  }
  secrets.push(...customers.map((_, index) => addressOf(index)));
  smtp.behave(addressOf(0), { at: 'rcpt', code: 550, text: `5.1.1 <${addressOf(0)}> unknown` });
  smtp.behave(addressOf(1), { at: 'rcpt', code: 450, text: `4.2.1 <${addressOf(1)}> later` }, 1);
  smtp.behave(addressOf(2), 'drop_after_message', 1);
  smtp.behave(addressOf(3), { at: 'message', code: 552, text: `5.2.2 <${addressOf(3)}> full` });
  const changes = await listenForChanges(database.url, logger);
  const shared = {
    database,
    clock,
    logger,
    publicUrl: 'http://localhost:3000',
    unsubscribeSecret: 'a secret',
    returnPaths,
  };
  const api = await createApi({
    ...shared,
    metrics,
    changes,
    signInSecret: 'x'.repeat(32),
    couponSecret: 'y',
    otherOrigins: [],
  });
  const engine = await startEngine({
    ...shared,
    metrics,
    databaseUrl: database.url,
    smtpUrl: smtp.url,
    smtpConnections: 2,
    tuning: { retryDelaysMs: [50, 50, 50], privatePushServices: true },
  });
  const receiver = await startBounceReceiver({ db, clock, logger }, { returnPaths, host: '127.0.0.1', port: 0 });
  cleanUp.push(
    () => receiver.close(),
    () => engine.stop(),
    () => api.close(),
    () => changes.close(),
    () => server.close(),
    () => smtp.stop(),
    () => pushService.stop(),
    () => database.drop(),
  );
  const { pushId } = await createWaitingPush(db, shop, { slot });
  await dispatchNow(db, pushId);
  await untilEnded(db, pushId);
  const other = await createShop(db, 'よその店');
  const { reachable: [stranger = 0] = [] } = await createFellows(db, other.shopId, { reachable: 1 });
  const refusing = `c${stranger}@customers.example.com`;
  secrets.push(refusing);
  smtp.behave(refusing, { at: 'message', code: 554, text: `5.7.1 <${refusing}> refused as spam` });
  const { pushId: refused } = await createWaitingPush(db, other, { slot });
  await dispatchNow(db, refused);
  const paused = () =>
    db
      .selectFrom('channel_progress')
      .where('push_id', '=', refused)
      .where('paused_reason', 'is not', null)
      .select('channel')
      .executeTakeFirst();
  await until(paused, 30_000, 'the refusal about us to pause the channel');
  for (const [index, sample] of [
    [5, 'postfix-unknown-user'],
    [6, 'complaint-arf'],
    [7, 'sendmail-policy'],
  ] as const) {
    const path = smtp.receivedBy(addressOf(index))[0]?.from ?? '';
    expect(await returnMail(receiver.port, path, bounceSample(sample))).toBe(250);
  }
  secrets.push(...smtp.received.map(({ from }) => from.split('@')[0] ?? ''));
  for (const { raw } of smtp.received)
    secrets.push(/\/u\/([\w-]{40})/.exec(raw.toString('latin1'))?.[1] ?? addressOf(0));
  await api.inject({ url: `/u/${secrets.at(-1)}` });
  await api.inject({ url: '/api/shops/1/pushes' });
  await api.inject({ url: `/healthz?token=${addressOf(0)}` });
  clock.set(new Date(slot.getTime() + 600_000));
  text = await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
}, 60_000);
afterAll(async () => {
  for (const step of cleanUp) await step();
});

const figure = (series: string) =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.split(' ')
      .at(-1),
  );

describe('what Prometheus reads', () => {
  it('tells what became of messages, by channel and outcome', () => {
    expect(figure('coupon_push_answers_total{channel="email",outcome="ours"}')).toBe(1);
    expect(figure('coupon_push_answers_total{channel="email",outcome="failed"}')).toBe(2);
    expect(figure('coupon_push_answers_total{channel="email",outcome="retry"}')).toBeGreaterThanOrEqual(1);
    expect(figure('coupon_push_answers_total{channel="email",outcome="in_doubt"}')).toBeGreaterThanOrEqual(1);
    expect(figure('coupon_push_answers_total{channel="web_push",outcome="sent"}')).toBe(4);
    expect(figure('coupon_push_in_flight{channel="email"}')).toBe(0);
    expect(figure('coupon_push_answer_duration_seconds_count{channel="web_push"}')).toBe(4);
  });

  it('tells of the whole deployment what its ledger, its queue and its bounces add up to', () => {
    const ledger = (outcome: string) => figure(`coupon_push_all_messages{channel="email",outcome="${outcome}"}`);
    expect(ledger('sent') + ledger('failed') + ledger('gone') + ledger('owed')).toBe(13);
    expect([ledger('failed'), ledger('owed')]).toEqual([2, 1]);
    expect(ledger('in_doubt')).toBeGreaterThanOrEqual(1);
    expect(figure('coupon_push_all_paused_channels{channel="email"}')).toBe(1);
    expect(figure('coupon_push_all_paused_channels{channel="app_push"}')).toBe(0);
    expect(figure('coupon_push_all_pushes{state="sending"}')).toBe(1);
    expect(figure('coupon_push_all_workers')).toBe(1);
    expect(figure('coupon_push_all_up')).toBe(1);
    for (const of of ['hard', 'complaint', 'ours']) expect(figure(`coupon_push_all_bounces{class="${of}"}`)).toBe(1);
    // Ten minutes after the slot the push still waits for the operator.
    expect(figure('coupon_push_all_lag_seconds')).toBeGreaterThanOrEqual(600);
  });

  it('tells how much was sent in the days that bounces and complaints are told of', async () => {
    const sent = figure('coupon_push_all_messages{channel="email",outcome="sent"}');
    expect(figure('coupon_push_all_emails_sent')).toBe(sent);
    const clock = new SettableClock();
    clock.set(new Date(slot.getTime() + 3 * 86_400_000));
    const later = await new Metrics({ database, clock, logger: pino({ level: 'silent' }) }).text();
    expect(later).toContain('\ncoupon_push_all_bounces{class="complaint"} 1\n');
    expect(later).toContain(`\ncoupon_push_all_emails_sent ${sent}\n`);
    // None is a figure, too.
    expect(later).toContain('\ncoupon_push_all_bounces{class="disabled"} 0\n');
  });

  it('tells requests by route, never by what was asked for', () => {
    expect(text).toContain('route="/u/:token"');
    expect(figure('coupon_push_http_request_duration_seconds_count{method="GET",route="/healthz",status="2xx"}')).toBe(
      1,
    );
    expect(figure('coupon_push_database_connections{state="waiting"}')).toBeGreaterThanOrEqual(0);
  });

  it('names no customer, and no endpoint or token of one', () => {
    for (const secret of new Set(secrets)) expect(text).not.toContain(secret);
  });

  it('is at /metrics alone', async () => {
    const base = `http://127.0.0.1:${server.port}`;
    expect((await fetch(`${base}/`)).status).toBe(404);
    expect((await fetch(`${base}/metrics`, { method: 'POST' })).status).toBe(404);
  });

  it('shows the process’s own figures while the database does not answer', async () => {
    const gone = await createTestDatabase();
    const own = new Metrics({ database: gone, clock: new SettableClock(), logger: pino({ level: 'silent' }) });
    await gone.drop();
    const shown = await own.text();
    expect(shown).toContain('coupon_push_all_up 0');
    expect(shown).toContain('process_cpu_seconds_total');
  });

  it('shows them while the database is silent, too: whoever asks does not wait for long', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const database = openDatabase(`postgresql://nobody@127.0.0.1:${port}/nothing`);
    const parts = { database, clock: new SettableClock(), logger: pino({ level: 'silent' }) };
    const own = new Metrics({ ...parts, patienceMs: 100 });
    for (const shown of [await own.text(), await own.text()]) {
      expect(shown).toContain('coupon_push_all_up 0');
      expect(shown).toContain('process_cpu_seconds_total');
    }
    silent.close();
  });

  it('begins a count with zero: what happened once is a rate, too', () => {
    const outcomes = [...text.matchAll(/^coupon_push_answers_total\{channel="web_push",outcome="(\w+)"\} (\d+)$/gm)];
    expect(Object.fromEntries(outcomes.map(([, outcome, count]) => [outcome, Number(count)]))).toEqual({
      sent: 4,
      retry: 0,
      in_doubt: 0,
      gone: 0,
      failed: 0,
      ours: 0,
    });
  });
});

describe('a worker process', () => {
  it('shows its figures on a port of its own, which it gives back when it stops', async () => {
    const { close, port } = await startMetricsServer(metrics, { host: '127.0.0.1', port: 0, logger: pino() });
    await close();
    const env = { DATABASE_URL: database.url, SMTP_URL: 'smtp://127.0.0.1:1', METRICS_PORT: String(port) };
    const worker = await WorkerUnderTest.start(env);
    const shown = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    await worker.stop();
    expect(shown).toMatch(/^coupon_push_all_workers [12]$/m);
    expect(shown).toMatch(/^coupon_push_in_flight\{channel="email"\} /m);
    await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow();
  });
});

describe('the dashboard', () => {
  it('asks for figures that there are', () => {
    const file = new URL('../../../../../docs/grafana-dashboard.json', import.meta.url);
    const { panels } = JSON.parse(readFileSync(file, 'utf8')) as { panels: { targets: { expr: string }[] }[] };
    const asked = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    const names = asked.flatMap((expr) => expr.match(/\b(coupon_push|process|nodejs)_[a-z0-9_]+/g) ?? []);
    expect(new Set(names).size).toBeGreaterThan(15);
    const shown = new Set(
      [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
        type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
      ),
    );
    expect([...new Set(names)].filter((name) => !shown.has(name))).toEqual([]);
    expect(asked.filter((expr) => !/\b(coupon_push|process|nodejs)_/.test(expr))).toEqual([]);
  });
});

describe('the log', () => {
  it('at its most talkative says what went wrong, and no address, token or endpoint', () => {
    expect(logged).toContain('a channel of a push was paused');
    expect(logged).toContain('an e-mail came back because of us');
    for (const secret of new Set(secrets)) expect(logged).not.toContain(secret);
    expect(logged).not.toMatch(/@customers\.example\.com/);
  });
});
