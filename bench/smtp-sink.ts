import { createServer, type Socket } from 'node:net';

/**
 * An SMTP server that takes everything and keeps nothing, as quick as the protocol allows; run in a process of its own.
 * Prints its port, and on SIGUSR2 how many messages it took; with `--books`, also when each came, to whom and from where.
 */
let messages = 0;
const [host = '127.0.0.1', mode] = process.argv.slice(2);
const books =
  mode === '--books'
    ? {
        taken: [] as [at: number, to: string, from: string][],
        opened: [] as [at: number, closed: number, from: string][],
      }
    : undefined;

/** As the benchmark's own clock counts. */
const now = () => Date.now();

/** Answers each command as soon as it is complete, so that pipelining (RFC 2920) works. */
function serve(socket: Socket): void {
  socket.setNoDelay(true);
  let rest = Buffer.alloc(0);
  let inData = false;
  let leaving = false;
  let to = '';
  const from = socket.remoteAddress ?? '';
  if (books !== undefined) {
    const opened: (typeof books.opened)[number] = [now(), 0, from];
    books.opened.push(opened);
    socket.on('close', () => (opened[1] = now()));
  }
  socket.write('220 sink ESMTP\r\n');
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let answers = '';
    for (;;) {
      const end = inData ? rest.indexOf('\r\n.\r\n') : rest.indexOf('\r\n');
      if (end < 0) break;
      const line = inData ? '' : rest.toString('latin1', 0, end);
      rest = rest.subarray(end + (inData ? 5 : 2));
      if (inData) {
        messages += 1;
        books?.taken.push([now(), to, from]);
        inData = false;
        answers += '250 2.0.0 taken\r\n';
      } else {
        inData = /^data$/i.test(line);
        if (books !== undefined && /^rcpt/i.test(line)) to = line.slice(line.indexOf('<') + 1, line.indexOf('>'));
        answers += answerTo(line);
      }
      leaving ||= /^quit$/i.test(line);
    }
    if (leaving) socket.end(answers);
    else if (answers !== '') socket.write(answers);
  });
}

function answerTo(line: string): string {
  if (/^ehlo/i.test(line)) return '250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n';
  if (/^data$/i.test(line)) return '354 go on\r\n';
  return /^quit$/i.test(line) ? '221 2.0.0 bye\r\n' : '250 2.0.0 ok\r\n';
}

const server = createServer(serve);
server.listen(0, host, () => {
  const address = server.address();
  process.stdout.write(`${JSON.stringify({ port: typeof address === 'object' ? address?.port : 0 })}\n`);
});
process.on('SIGUSR2', () => process.stdout.write(`${JSON.stringify({ messages, ...books })}\n`));
