import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { createLogger, withoutAddresses } from './logger.ts';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(createLogger('trace', { write: (line) => lines.push(line) }));
  return lines.join('');
}

describe('a line of the log', () => {
  it('holds no address, whoever said it', () => {
    const line = logged((logger) => {
      logger.error({ reason: "550 5.1.1 <hana.o'hara+x@mail.example.co.jp>: unknown" }, 'refused by "b@localhost"');
      logger.warn({ err: new Error('Key (email)=(taro@例え.example.com) already exists') }, 'no');
    });
    expect(line).toContain('550 5.1.1 <[address]>: unknown');
    expect(line).toContain('(email)=([address]');
    expect(line).not.toMatch(/hana|hara\+x|taro@|b@local/);
    for (const one of line.trim().split('\n')) expect(() => JSON.parse(one)).not.toThrow();
  });

  it('holds none that is quoted, as one with loose dots is sent', () => {
    const line = logged((logger) => {
      logger.error({ reason: '550 <"hana..mall."@docomo.example> unknown' }, 'refused "hana..mall."@docomo.example');
      logger.error({ reason: 'he said "hana"', more: '"mall\\"@docomo.example' }, '@');
    });
    expect(line).toContain('550 <[address]> unknown');
    expect(line).not.toMatch(/hana\.\.mall|docomo\.example> /);
    for (const one of line.trim().split('\n')) expect(() => JSON.parse(one)).not.toThrow();
  });

  it('holds nothing of a request that cannot be parsed but what is wrong with it', async () => {
    const lines: string[] = [];
    const loggerInstance = createLogger('trace', { write: (line) => lines.push(line) });
    const app = fastify({ loggerInstance });
    const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
    const socket = connect(Number(port), '127.0.0.1');
    socket.write('NONE /my/enter HTTP/1.1\r\nHost: a\r\nCookie: session=hana@example.com\r\n\r\n');
    socket.resume();
    await once(socket, 'close');
    await app.close();
    const told = lines.find((line) => line.includes('client error')) ?? '';
    expect(told).toContain('HPE_INVALID_METHOD');
    expect(told).not.toContain([...Buffer.from('hana@example.com')].join(','));
  });

  it('holds of an address on the web the host alone', () => {
    expect(withoutAddresses('POST https://push.example.com/send/abc?d=e failed')).toBe(
      'POST https://push.example.com/... failed',
    );
    expect(withoutAddresses('{"url":"https://fcm.example.com"}')).toBe('{"url":"https://fcm.example.com"}');
  });

  it('stays JSON, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string(), fc.emailAddress(), fc.webUrl(), (text, email, web) => {
        const line = logged((logger) =>
          logger.info({ [text]: [email, web, `${text}${email}${text}`] }, `${web}${text}`),
        );
        expect(() => JSON.parse(line)).not.toThrow();
        expect(line).not.toContain(email);
      }),
    );
  });
});
