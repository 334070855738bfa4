import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The product, by way of a connection that can be cut: offline for service workers too, whom a browser's switch does not reach. */
export interface Cuttable {
  url: string;
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

export async function cuttable(productUrl: string): Promise<Cuttable> {
  let isCut = false;
  const server = createServer((incoming, outgoing) => {
    const { origin, ...headers } = incoming.headers;
    const forwarded = request(
      new URL(incoming.url ?? '/', productUrl),
      { method: incoming.method, headers: { ...headers, ...(origin === undefined ? {} : { origin: productUrl }) } },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    forwarded.once('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  server.on('connection', (socket) => {
    if (isCut) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    cut: () => {
      isCut = true;
      server.closeAllConnections();
    },
    mend: () => {
      isCut = false;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
