import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** As "npm run worker" starts it; with `inNamespace` in that network namespace. Resolves when it takes jobs. */
export async function startWorker(
  children: ChildProcess[],
  env: { DATABASE_URL: string; SMTP_URL: string },
  inNamespace?: string,
): Promise<ChildProcess> {
  const args = ['--max-semi-space-size=8', '--heap-growing-percent=50', file('../apps/server/src/main.ts'), 'worker'];
  const worker = start(children, args, { LOG_LEVEL: 'error', ...env }, inNamespace);
  await once(worker.stdout ?? worker, 'data');
  return worker;
}

/** An SMTP server that takes everything, in a process of its own. */
export async function startSink(
  children: ChildProcess[],
  options: { host?: string; books?: boolean } = {},
): Promise<{ process: ChildProcess; port: number }> {
  const { host = '127.0.0.1', books = false } = options;
  const sink = start(children, [file('./smtp-sink.ts'), host, ...(books ? ['--books'] : [])]);
  const { port } = await line<{ port: number }>(sink);
  return { process: sink, port };
}

/** What the sink has taken until now. */
export async function taken<T = { messages: number }>(sink: ChildProcess): Promise<T> {
  const answer = line<T>(sink);
  sink.kill('SIGUSR2');
  return await answer;
}

export function start(
  children: ChildProcess[],
  args: string[],
  env: Record<string, string> = {},
  inNamespace?: string,
  stdin: 'ignore' | 'pipe' = 'ignore',
): ChildProcess {
  const [program = '', ...rest] = [
    ...(inNamespace === undefined ? [] : ['ip', 'netns', 'exec', inNamespace]),
    process.execPath,
    ...args,
  ];
  const child = spawn(program, rest, { env: { ...process.env, ...env }, stdio: [stdin, 'pipe', 'inherit'] });
  children.push(child);
  return child;
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

/** What it prints next, which is JSON. */
export async function line<T>(child: ChildProcess): Promise<T> {
  if (child.stdout === null) throw new Error('a child without output');
  const lines = createInterface({ input: child.stdout });
  const [text] = (await once(lines, 'line')) as [string];
  lines.close();
  child.stdout.resume();
  return JSON.parse(text) as T;
}
