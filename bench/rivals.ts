import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Db } from '../apps/server/src/db/database.ts';
import { freePort } from '../apps/server/src/db/postgres-process.ts';
import { prepareEmail } from '../apps/server/src/messages/email-template.ts';
import { tokenPlaceholder } from '../apps/server/src/messages/placeholders.ts';
import type { RenderedMessage } from '../apps/server/src/messages/render.ts';
import { start } from './processes.ts';

/** As many as our own channel keeps open. */
const connections = 4;

export interface RivalMessage {
  rendered: RenderedMessage;
  /** What one of ours is, as it goes over the wire. */
  bytes: number;
}

/** The message of a push, to be sent by others. */
export async function rivalMessage(db: Db, pushId: number): Promise<RivalMessage> {
  const rows = await db.selectFrom('push_message').where('push_id', '=', pushId).select('message').execute();
  const messages = rows.map((row) => row.message as unknown as RenderedMessage);
  const sizes = messages.map((rendered) => {
    const template = prepareEmail(rendered, {
      publicUrl: 'https://mall.example.com',
      messageIdDomain: 'mall.example.com',
    });
    const recipient = {
      to: 'c1@customers.example.com',
      customerId: 1,
      pushId,
      token: 't'.repeat(32),
      date: new Date(),
    };
    return template.build(recipient).length;
  });
  const [rendered] = messages;
  if (rendered === undefined) throw new Error('a push without messages');
  return { rendered, bytes: Math.round(sizes.reduce((sum, size) => sum + size, 0) / sizes.length) };
}

/** A loop over nodemailer's pool: messages a second. */
export async function nodemailerPool(
  children: ChildProcess[],
  { rendered }: RivalMessage,
  { port, messages }: { port: number; messages: number },
): Promise<number> {
  const program = fileURLToPath(new URL('../apps/server/test/fixtures/nodemailer-pool.ts', import.meta.url));
  const { from, subject, html, text: plain } = rendered.email;
  const child = start(children, [program], {}, undefined, 'pipe');
  if (child.stdin === null || child.stdout === null) throw new Error('a child without pipes');
  const printed = text(child.stdout);
  const order = { port, messages, connections, from, subject, html, text: plain, placeholder: tokenPlaceholder };
  child.stdin.end(JSON.stringify(order));
  const { seconds } = JSON.parse(await printed) as { seconds: number };
  return messages / seconds;
}

/** Where Debian, Fedora and others have them. */
function postfixProgram(name: string): string | undefined {
  return ['/usr/sbin', '/usr/lib/postfix/sbin', '/usr/bin'].map((folder) => join(folder, name)).find(existsSync);
}

export function hasPostfixTools(): boolean {
  return postfixProgram('smtp-source') !== undefined && postfixProgram('smtp-sink') !== undefined;
}

/** It wants another user when root starts it. */
const notRoot = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];

/** Postfix's SMTP server that takes everything. Returns its port. */
export async function startSmtpSink(children: ChildProcess[]): Promise<{ process: ChildProcess; port: number }> {
  const port = await freePort();
  const sink = spawn(postfixProgram('smtp-sink') ?? '', [...notRoot, `inet:127.0.0.1:${port}`, '128'], {
    stdio: 'inherit',
  });
  children.push(sink);
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await answers(port)) return { process: sink, port };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('smtp-sink does not answer');
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'data');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Postfix's load generator, written in C, over as many connections as ours, each kept: messages a second. */
export async function smtpSource(
  { bytes }: RivalMessage,
  { port, messages }: { port: number; messages: number },
): Promise<number> {
  const began = performance.now();
  await promisify(execFile)(postfixProgram('smtp-source') ?? '', [
    ...['-s', String(connections), '-m', String(messages), '-l', String(bytes), '-d'],
    ...['-f', 'no-reply@mall.example.com', '-t', 'c1@customers.example.com', `inet:127.0.0.1:${port}`],
  ]);
  return messages / ((performance.now() - began) / 1000);
}
