import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Channel } from '../apps/server/src/channels/answer.ts';
import { createFcmChannel } from '../apps/server/src/channels/fcm/channel.ts';
import type { OutgoingFcm } from '../apps/server/src/channels/fcm/message.ts';
import { parseServiceAccount } from '../apps/server/src/channels/fcm/service-account.ts';
import { line } from './processes.ts';

export interface FcmResult {
  messages: number;
  seconds: number;
  messagesPerSecond: number;
  /** Processor time of this process for a thousand messages, ms. */
  cpuMsPerThousand: number;
  messagesTaken: number;
}

export const bounds = { messagesPerSecond: { atLeast: 5000 } };

/** App pushes to native apps over HTTP/2 and TLS, to a server in a process of its own that parses each. */
export async function run({ messages = 60_000 } = {}): Promise<FcmResult> {
  const peer = spawn(process.execPath, [fileURLToPath(new URL('./fcm-peer.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const { server, accountFile } = await line<{ server: { origin: string; ca: string }; accountFile: string }>(peer);
    const channel = createFcmChannel({ account: parseServiceAccount(accountFile), server });
    // The first ones open connections, ask for a token and warm both processes up; they are not measured.
    const warm = Math.ceil(messages * 0.1);
    await send(channel, warm);
    const cpu = process.cpuUsage();
    const began = performance.now();
    await send(channel, messages);
    const seconds = (performance.now() - began) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    await channel.close();
    peer.kill('SIGUSR2');
    const taken = await line<{ messages: number }>(peer);
    return {
      messages,
      seconds,
      messagesPerSecond: Math.round(messages / seconds),
      cpuMsPerThousand: Math.round((user + system) / messages),
      messagesTaken: taken.messages - warm,
    };
  } finally {
    const exited = once(peer, 'exit');
    peer.kill('SIGTERM');
    await exited;
  }
}

/** As the engine does: so many lanes, each with one message after the other. */
async function send(channel: Channel<OutgoingFcm>, count: number): Promise<void> {
  let next = 0;
  const message = {
    title: 'はなみどり',
    body: '[クーポン] ショップクーポンが発行されました。',
    url: 'https://mall.example.com/my/coupons',
  };
  const lane = async () => {
    while (next < count) {
      next += 1;
      const token = `${String(next).padStart(22, 'd')}:APA91b${'x'.repeat(134)}`;
      const push = { customerId: next, token, message, tag: 'push-10001', ttlSeconds: 86_400 };
      const answer = await channel.send({ ...push, urgency: 'normal' });
      if (answer.kind !== 'sent') throw new Error(`not sent: ${JSON.stringify(answer)}`);
    }
  };
  await Promise.all(Array.from({ length: channel.inFlight }, lane));
}
