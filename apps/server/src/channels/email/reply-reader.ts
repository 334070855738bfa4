/** No server has a reason to say more; one that does is not let fill the memory. */
const longestReply = 64 * 1024;

/** Puts together the replies of an SMTP server, of one line or several (RFC 5321 4.2.1), however they are cut. */
export class ReplyReader {
  readonly #onReply: (text: string) => void;
  #rest = '';
  #lines: string[] = [];
  #length = 0;

  constructor(onReply: (text: string) => void) {
    this.#onReply = onReply;
  }

  read(chunk: Buffer): void {
    const lines = (this.#rest + chunk.toString('utf8')).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      this.#lines.push(line.replace(/\r$/, ''));
      this.#length += line.length;
      if (!/^\d{3}-/.test(line) || this.#length > longestReply) this.#finish();
    }
    if (this.#rest.length > longestReply) {
      this.#lines.push(this.#rest);
      this.#rest = '';
      this.#finish();
    }
  }

  #finish(): void {
    const text = this.#lines.join('\n');
    this.#lines = [];
    this.#length = 0;
    this.#onReply(text);
  }
}
