import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAverage } from './process-figures.ts';
import { end, line, start } from './processes.ts';

export const options = ['rounds', 'messages'];
export const bounds = { vsPackage: { atLeast: 2 }, encryptionVsPackage: { atLeast: 2 } };

/**
 * App pushes over TLS to a push service on loopback: what one processor does in a second, by its own time and not by the
 * clock. The package's own rate is that of its sendNotification, over connections that are kept.
 */
export async function run({ rounds = 7, messages = 1500 }: { rounds?: number; messages?: number }): Promise<object> {
  const children: ChildProcess[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'coupon-push-bench-web-push-'));
  try {
    const sink = start(children, [fileURLToPath(new URL('./push-sink.ts', import.meta.url))]);
    const { origin, ca } = await line<{ origin: string; ca: string }>(sink);
    const NODE_EXTRA_CA_CERTS = join(folder, 'ca.pem');
    writeFileSync(NODE_EXTRA_CA_CERTS, ca);
    const program = fileURLToPath(new URL('../apps/server/test/fixtures/web-push-rates.ts', import.meta.url));
    const sender = start(children, [program, origin, String(rounds), String(messages)], { NODE_EXTRA_CA_CERTS });
    const costs = await line<Record<'channel' | 'packageSend' | 'encryption' | 'packageDetails', number>>(sender);
    return {
      messagesPerCoreSecond: Math.round(1e6 / costs.channel),
      packagePerCoreSecond: Math.round(1e6 / costs.packageSend),
      vsPackage: costs.packageSend / costs.channel,
      encryptionsPerCoreSecond: Math.round(1e6 / costs.encryption),
      packageDetailsPerCoreSecond: Math.round(1e6 / costs.packageDetails),
      encryptionVsPackage: costs.packageDetails / costs.encryption,
      wholeChannelVsPackageDetails: costs.packageDetails / costs.channel,
      loadAverage: loadAverage(),
    };
  } finally {
    await Promise.all(children.map(end));
    rmSync(folder, { recursive: true, force: true });
  }
}
