import { type KeyObject, X509Certificate } from 'node:crypto';
import { refused } from './provider.ts';

/** Gets a document over https, or throws. Nothing else leaves this process on behalf of a notification. */
export type FetchText = (url: string) => Promise<string>;

const mostBytes = 64 * 1024;

/** No redirect is followed: the host that was checked is the one that answers. */
export const fetchText: FetchText = async (url) => {
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(5_000) });
  if (!answer.ok || answer.body === null) throw new Error(`${new URL(url).hostname} answered ${answer.status}`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new Error(`${new URL(url).hostname} answered too much`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
};

const kept = 8;
/** After a certificate could not be had, it is not asked for again at once, whoever names it. */
const failedForMs = 10_000;

/**
 * The keys that Amazon SNS signs a topic's messages with. A message says where its certificate is; it is fetched from
 * the one host that answers for the topic's region and from nowhere else (SSRF), and kept.
 */
export class SnsCertificates {
  readonly #host: string;
  readonly #fetch: FetchText;
  readonly #keys = new Map<string, Promise<KeyObject>>();

  /** @param host as `sns.ap-northeast-1.amazonaws.com` */
  constructor(host: string, fetch: FetchText) {
    this.#host = host;
    this.#fetch = fetch;
  }

  /** @throws AppError notification_refused for any other address; Error when it cannot be fetched. */
  async keyAt(address: string): Promise<KeyObject> {
    const url = URL.parse(address);
    const isTheirs =
      url !== null &&
      url.href === `https://${this.#host}${url.pathname}` &&
      /^\/SimpleNotificationService-[0-9A-Za-z]{1,64}\.pem$/.test(url.pathname);
    if (!isTheirs) throw refused();
    const known = this.#keys.get(url.href);
    if (known !== undefined) return await known;
    const key = this.#fetch(url.href).then(keyOf);
    this.#keys.set(url.href, key);
    const [oldest] = this.#keys.keys();
    if (this.#keys.size > kept && oldest !== undefined) this.#keys.delete(oldest);
    key.catch(() => setTimeout(() => this.#keys.delete(url.href), failedForMs).unref());
    return await key;
  }
}

/** @throws Error when it is no certificate that holds today. */
function keyOf(pem: string): KeyObject {
  const certificate = new X509Certificate(pem);
  const now = Date.now();
  if (!(Date.parse(certificate.validFrom) <= now && now <= Date.parse(certificate.validTo))) {
    throw new Error('the certificate of Amazon SNS has expired');
  }
  return certificate.publicKey;
}
