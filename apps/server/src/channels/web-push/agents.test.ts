import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from 'undici';
import { afterEach, expect, it } from 'vitest';
import { Agents } from './agents.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

it.each([1, 0])(
  'connections that are given back (%i are left) end in time when none may be used from now on',
  async (left) => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    cleanUp.push(
      () => silent.close(),
      () => silent.closeAllConnections(),
    );
    const agents = new Agents(2, {});
    cleanUp.push(() => agents.destroy());
    const way = await agents.take();
    const { port } = silent.address() as AddressInfo;
    const heard = once(silent, 'request');
    const answer = request(`http://127.0.0.1:${port}`, {
      method: 'POST',
      body: 'x',
      ...(way && { dispatcher: way.dispatcher, signal: way.ended }),
    });
    const lost = answer.then(
      () => 'answered',
      () => 'lost',
    );
    await heard;
    const givenBack = agents.allow(left, Number.POSITIVE_INFINITY);
    await agents.allow(0, 100);
    expect(await lost).toBe('lost');
    await givenBack;
    // What was given back may be had again.
    await agents.allow(1, 100);
    expect(await agents.take()).toBeDefined();
  },
);
