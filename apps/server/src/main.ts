import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import { openProductDatabase, type Roles, startProduct } from './app.ts';
import { type Config, readConfig } from './config.ts';
import { demoPassword, demoSignIns } from './demo/demo-sign-ins.ts';
import { createLogger } from './lib/logger.ts';
import type { PlainLog } from './lib/plain-log.ts';
import { StartError } from './lib/start-error.ts';

const root = join(import.meta.dirname, '../../..');

const usage = `Coupon Push

  npm start                  everything in one process: database, API, pages, sending
  npm run setup -- --help    make a marketplace of your own
  npm run import -- --help   bring in customers, items, orders and fellows from files

  npm run api                answer HTTP only
  npm run worker             send only; start as many as you like
  npm run api-key -- --help  keys for the marketplace's own systems
  npm run migrate            bring the database's schema up to date; with -- --citus, distribute it over a Citus cluster

Settings: PORT, HOST, DATA_DIR, PUBLIC_URL, SMTP_URL, DATABASE_URL, FCM_SERVICE_ACCOUNT, TRUST_PROXY, CUSTOMER_..., BOUNCE_...,
METRICS_PORT, DEMO, LOG_LEVEL (see README.md)
`;

const out = (text: string) => process.stdout.write(text);
const terminalLog: PlainLog = {
  info: (message) => out(`${message}\n`),
  warn: (message) => process.stderr.write(`${message}\n`),
};

/** Structured logs on standard error; standard output is for people. */
function errorLog(config: Config): Logger {
  return createLogger(config.logLevel, pino.destination({ fd: 2, sync: true }));
}

/** What is in flight is given this long to finish. */
const stopWithinMs = 10_000;

async function run(roles: Roles): Promise<void> {
  const config = readConfig(process.env, root);
  const started = Date.now();
  const logger = errorLog(config);
  const stopping = untilStopped();
  const product = await startProduct(config, root, { roles, logger, log: terminalLog });
  out(roles.api ? welcome(config, product, Date.now() - started) : 'The Coupon Push worker is ready.\n');
  await stopping;
  out('Stopping: what is in flight is finished first.\n');
  const impatient = setTimeout(() => {
    process.stderr.write(
      `It did not stop within ${stopWithinMs / 1000} s and is ended; its next start takes over what it left.\n`,
    );
    process.exit(1);
  }, stopWithinMs);
  await product.stop();
  clearTimeout(impatient);
  // Everything is closed; a timer that some library forgot must not keep the process.
  process.exit(0);
}

function welcome(config: Config, product: { demo: boolean; mailbox: boolean }, tookMs: number): string {
  const lines = [
    '',
    `Coupon Push is ready (${(tookMs / 1000).toFixed(1)} s).`,
    '',
    `  Console           ${config.publicUrl}`,
    `  My Page           ${config.publicUrl}/my/`,
    `  API reference     ${config.publicUrl}/docs`,
  ];
  if (product.mailbox) lines.push(`  Captured e-mails  ${config.publicUrl}/mailbox`);
  if (product.demo) {
    lines.push('', `  Sign in with the password ${demoPassword} as`);
    for (const { email, label } of demoSignIns) lines.push(`    ${email.padEnd(32)} ${label}`);
  }
  lines.push('', 'Ctrl-C stops it.', '');
  return lines.join('\n');
}

/** One Ctrl-C arrives twice when npm passes on what the terminal has sent to both. */
const sameRequestMs = 2_000;

/** Resolves at the first Ctrl-C or request to end; a later one ends the process at once. */
function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let askedAt: number | undefined;
    const ask = () => {
      if (askedAt !== undefined && Date.now() - askedAt > sameRequestMs) process.exit(1);
      askedAt ??= Date.now();
      resolve();
    };
    process.on('SIGINT', ask);
    process.on('SIGTERM', ask);
  });
}

async function withDatabase(
  use: (config: Config, opened: Awaited<ReturnType<typeof openProductDatabase>>) => Promise<number>,
) {
  const config = readConfig(process.env, root);
  const opened = await openProductDatabase(config, { ...terminalLog, info: () => undefined });
  try {
    process.exitCode = await use(config, opened);
  } finally {
    await opened.close();
  }
}

async function main(command: string | undefined, rest: string[]): Promise<void> {
  switch (command) {
    case 'start':
      return await run({ api: true, worker: true });
    case 'api':
      return await run({ api: true, worker: false });
    case 'worker':
      return await run({ api: false, worker: true });
    case 'migrate':
      return await withDatabase(async (_, { database }) => {
        out('The database is up to date.\n');
        if (rest.includes('--citus')) {
          const { distribute } = await import('./db/distribution.ts');
          out(`${await distribute(database.pool, terminalLog)} tables were distributed.\n`);
        }
        return 0;
      });
    case 'setup':
      return await withDatabase(async (_, { database }) => {
        const { setupCommand } = await import('./features/setup/command.ts');
        return await setupCommand(rest, { db: database.db, out });
      });
    case 'import':
      return await withDatabase(async (_, { database }) => {
        const { importCommand } = await import('./features/imports/command.ts');
        return await importCommand(rest, { pool: database.pool, out });
      });
    case 'api-key':
      return await withDatabase(async (_, { database }) => {
        const { apiKeyCommand } = await import('./features/api-keys/command.ts');
        return await apiKeyCommand(rest, { db: database.db, out });
      });
    default:
      out(usage);
      if (command !== undefined && !['help', '--help', '-h'].includes(command)) process.exitCode = 1;
  }
}

main(process.argv[2], process.argv.slice(3)).catch((error: unknown) => {
  process.stderr.write(
    error instanceof StartError ? `\n${error.message}\n` : `${error instanceof Error ? error.stack : error}\n`,
  );
  process.exitCode = 1;
});
