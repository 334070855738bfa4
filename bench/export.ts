import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { password } from '../apps/server/test/marketplace.ts';
import { benchDatabase } from './database.ts';
import { fillLedger } from './ledger.ts';

export interface ExportResult {
  rows: number;
  xlsxSeconds: number;
  /** Of the API's process; the rest is the database's, and waiting for either. */
  xlsxCpuSeconds: number;
  xlsxMb: number;
  xlsxGrowthMb: number;
  csvSeconds: number;
  csvCpuSeconds: number;
  csvMb: number;
  csvGrowthMb: number;
  /** Of another request, one after the other, while the files are written. */
  otherRequestMedianMs: number;
  otherRequestSlowestMs: number;
}

export const bounds = { xlsxGrowthMb: { atMost: 100 }, csvGrowthMb: { atMost: 100 } };

/** As "npm run api" starts it. */
const execArgv = ['--max-semi-space-size=8', '--heap-growing-percent=50'];

/**
 * Downloads the list of recipients of a push over HTTP. The memory is that of the API's process, by the kernel's count:
 * how far its peak lies above what it had before both.
 */
export async function run({ rows = 1_000_000 }: { rows?: number }): Promise<ExportResult> {
  const bench = await benchDatabase();
  const api = fork(join(import.meta.dirname, 'api-process.ts'), [bench.url], { execArgv });
  try {
    const [address] = (await once(api, 'message')) as [string];
    const { shop, pushId } = await fillLedger(bench.database, rows);
    const cookie = await signIn(address, shop.email);
    const get = (path: string) => fetch(`${address}/api/shops/${shop.shopId}${path}`, { headers: { cookie } });
    const list = (format: string, more = '') => get(`/exports/recipients?pushId=${pushId}&format=${format}${more}`);
    for (const format of ['csv', 'xlsx']) await size(await list(format, '&search=zzz'));
    const others: number[] = [];
    const before = memoryMb(api, 'VmRSS');
    const csv = await measured(
      { api, before, others },
      () => get('/coupons'),
      () => list('csv'),
    );
    const xlsx = await measured(
      { api, before, others },
      () => get('/coupons'),
      () => list('xlsx'),
    );
    others.sort((a, b) => a - b);
    return {
      rows,
      xlsxSeconds: xlsx.seconds,
      xlsxCpuSeconds: xlsx.cpuSeconds,
      xlsxMb: xlsx.mb,
      xlsxGrowthMb: xlsx.growthMb,
      csvSeconds: csv.seconds,
      csvCpuSeconds: csv.cpuSeconds,
      csvMb: csv.mb,
      csvGrowthMb: csv.growthMb,
      otherRequestMedianMs: others[Math.floor(others.length / 2)] ?? Number.NaN,
      otherRequestSlowestMs: others.at(-1) ?? Number.NaN,
    };
  } finally {
    const exited = once(api, 'exit');
    api.kill();
    await exited;
    await bench.close();
  }
}

async function signIn(address: string, email: string): Promise<string> {
  const answer = await fetch(`${address}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: 'http://localhost:3000' },
    body: JSON.stringify({ email, password }),
  });
  if (!answer.ok) throw new Error(`the sign-in was answered ${answer.status}`);
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

/** Reads an answer to its end and keeps none of it. */
async function size(answer: Response): Promise<number> {
  if (!answer.ok || answer.body === null) throw new Error(`the download was answered ${answer.status}`);
  let bytes = 0;
  for await (const chunk of answer.body) bytes += (chunk as Uint8Array).length;
  return bytes;
}

async function measured(
  { api, before, others }: { api: ChildProcess; before: number; others: number[] },
  other: () => Promise<Response>,
  download: () => Promise<Response>,
): Promise<{ seconds: number; cpuSeconds: number; mb: number; growthMb: number }> {
  let peak = before;
  const sampling = setInterval(() => (peak = Math.max(peak, memoryMb(api, 'VmRSS'))), 20);
  const began = performance.now();
  const cpuBefore = cpuSeconds(api);
  let ended = false;
  const whole = download()
    .then(size)
    .finally(() => (ended = true));
  while (!ended) {
    const asked = performance.now();
    await (await other()).arrayBuffer();
    others.push(performance.now() - asked);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const bytes = await whole;
  clearInterval(sampling);
  const seconds = (performance.now() - began) / 1000;
  const growthMb = Math.max(0, peak - before);
  return { seconds, cpuSeconds: cpuSeconds(api) - cpuBefore, mb: bytes / 1e6, growthMb };
}

/** By the kernel's count, in hundredths. */
function cpuSeconds(child: ChildProcess): number {
  const [, , , , , , , , , , , user, system] = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(user) + Number(system)) / 100;
}

function memoryMb(child: ChildProcess, figure: string): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Number(new RegExp(`${figure}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1000;
}
