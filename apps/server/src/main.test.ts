import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryDataDir } from '../test/temporary.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

/** Runs the product with these settings until it ends, and gives what it said. */
async function run(command: string, env: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const { DATABASE_URL: _, ...rest } = process.env;
  const child = spawn(process.execPath, [main, command], {
    env: { ...rest, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  await once(child, 'close');
  return { code: child.exitCode, said };
}

describe('a product that cannot start says what to do, and ends', () => {
  it('when settings are invalid: all of them at once', async () => {
    const { code, said } = await run('start', { PORT: 'eighty', SMTP_URL: 'mail.example.com', DEMO: 'maybe' });
    expect(code).toBe(1);
    expect(said).toContain('Set PORT to a whole number from 1 to 65535');
    expect(said).toContain('Set SMTP_URL to smtp://user:password@host:587');
    expect(said).toContain('Set DEMO to on or off.');
    expect(said).not.toMatch(/\n {4}at /);
  });

  it('when the port is taken: before anything else is started', async () => {
    const other = createServer();
    await once(other.listen(0, '127.0.0.1'), 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const dataDir = temporaryDataDir();
    const { code, said } = await run('start', { PORT: String(port), DATA_DIR: dataDir });
    other.close();
    expect(code).toBe(1);
    expect(said).toContain(`Port ${port} is taken by another program.`);
    expect(said).toContain(`PORT=${(port ?? 0) + 1} npm start`);
    expect(said).not.toContain('Creating the database');
  });

  it('when the service account of native apps is not one', async () => {
    const dataDir = temporaryDataDir();
    const { code, said } = await run('start', { FCM_SERVICE_ACCOUNT: 'package.json', DATA_DIR: dataDir });
    expect(code).toBe(1);
    expect(said).toContain('The file of FCM_SERVICE_ACCOUNT is not one of a service account: type, project_id');
    expect(said).not.toMatch(/\n {4}at /);
    expect(said).not.toContain('Creating the database');
  });

  it('when the data folder cannot be written', async () => {
    const { code, said } = await run('migrate', { DATA_DIR: '/dev/null/data' });
    expect(code).toBe(1);
    expect(said).toContain('/dev/null/data');
    expect(said).toContain('DATA_DIR');
    expect(said).not.toMatch(/\n {4}at /);
  });

  it('when the server of DATABASE_URL does not answer', async () => {
    const { code, said } = await run('migrate', { DATABASE_URL: 'postgres://nobody:secret@127.0.0.1:1/none' });
    expect(code).toBe(1);
    expect(said).toContain('The PostgreSQL server of DATABASE_URL cannot be used (ECONNREFUSED).');
    expect(said).not.toContain('secret');
  });
});

it('an unknown command shows what there is', async () => {
  const { code, said } = await run('fly', {});
  expect(code).toBe(1);
  expect(said).toContain('npm start');
});
