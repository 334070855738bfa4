import type { HttpServer } from '../src/http/server.ts';

let browsers = 0;

/** A browser: keeps the cookies that it is given, and has an address of its own, as sign-ins are limited by it. */
export class Browser {
  readonly #server: HttpServer;
  readonly #cookies = new Map<string, string>();
  readonly #address: string;

  constructor(server: HttpServer) {
    this.#server = server;
    browsers += 1;
    this.#address = `10.9.${browsers >> 8}.${browsers & 255}`;
  }

  async get(url: string) {
    return await this.#request('GET', url);
  }

  async post(url: string, body: object = {}) {
    return await this.#request('POST', url, body);
  }

  async #request(method: 'GET' | 'POST', url: string, payload?: object) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('; ');
    const answer = await this.#server.inject({
      method,
      url,
      remoteAddress: this.#address,
      headers: cookie === '' ? {} : { cookie },
      ...(payload === undefined ? {} : { payload }),
    });
    for (const { name, value, maxAge } of answer.cookies) {
      if (maxAge === 0 || value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return answer;
  }
}
