import { createSecureServer } from 'node:http2';
import { selfSigned } from '../apps/server/test/self-signed.ts';

/**
 * A push service that takes everything, over TLS and HTTP/2 (or HTTP/1.1 for whoever knows no other); run in a process of
 * its own. Prints where it is and its certificate, and on SIGUSR2 how many messages it took.
 */
let messages = 0;
const { cert, key } = selfSigned();
const server = createSecureServer({ cert, key, allowHTTP1: true, settings: { maxConcurrentStreams: 250 } });
server.on('request', (request, response) => {
  request.resume();
  request.on('end', () => {
    messages += 1;
    response.writeHead(201);
    response.end();
  });
});
server.on('session', (session) => session.on('error', () => undefined));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  process.stdout.write(`${JSON.stringify({ origin: `https://127.0.0.1:${port}`, ca: cert })}\n`);
});
process.on('SIGUSR2', () => process.stdout.write(`${JSON.stringify({ messages })}\n`));
