import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';

/**
 * A load generator, run in a process of its own: `node http-load.ts <url> <connections> <key> <file>`. The file has
 * a request's body in each line; each is posted once, on connections that are kept. It takes as little of the machine as
 * it can: what it takes, the product does not get. Prints what it measured as JSON.
 */
const [url = '', connections = '', key = '', file = ''] = process.argv.slice(2);
const { hostname, port, pathname } = new URL(url);

const head = `POST ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\n`;
const requests = readFileSync(file, 'utf8')
  .trimEnd()
  .split('\n')
  .map((body) => `${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
const latencies = new Float64Array(requests.length);
const statuses: Record<string, number> = {};
let next = 0;

/** Posts one request after the other until none is left. */
function lane(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    let current = -1;
    let began = 0;
    let received = '';
    const post = () => {
      current = next;
      next += 1;
      const request = requests[current];
      if (request === undefined) return resolve(void socket.destroy());
      began = performance.now();
      socket.write(request);
    };
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      const end = received.indexOf('\r\n\r\n');
      const length = /content-length: (\d+)/i.exec(received)?.[1];
      if (end < 0 || length === undefined || received.length < end + 4 + Number(length)) return;
      latencies[current] = performance.now() - began;
      const status = received.slice(9, 12);
      statuses[status] = (statuses[status] ?? 0) + 1;
      received = '';
      post();
    });
    socket.on('error', reject);
    socket.on('connect', post);
  });
}

const began = performance.now();
await Promise.all(
  Array.from({ length: Number(connections) }, () =>
    lane(connect({ port: Number(port), host: hostname, noDelay: true })),
  ),
);
const seconds = (performance.now() - began) / 1000;
latencies.sort();
const at = (share: number) => latencies[Math.floor((latencies.length - 1) * share)] ?? 0;
process.stdout.write(`${JSON.stringify({ seconds, statuses, p50: at(0.5), p99: at(0.99), slowest: at(1) })}\n`);
