import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';

/**
 * Escapes of JSON are passed over whole: they stay what they are, and no address begins within one. Short before the @, so
 * that a long text without one costs no more than to read it. One with loose dots goes quoted (email-address.ts), and mail
 * servers say it so.
 */
const address =
  /\\"[^"\\<>@]{1,64}\\"@[^\s"<>()[\],;:\\@]{1,253}|\\(?:u[0-9a-f]{4}|.)|[^\s"<>()[\],;:\\@]{1,64}@[^\s"<>()[\],;:\\@]{1,253}/gi;
/** What comes after the host can be an endpoint of somebody's device, or a token. */
const url = /(https?:\/\/[^\s/"'\\?#]{1,255})[/?#][^\s"'\\<>)]*/gi;

/**
 * Structured logs, one JSON object a line. Whatever is logged, as the words of a mail server or of the database, no line
 * holds an e-mail address, or an address on the web beyond its host.
 */
export function createLogger(level: string, to: DestinationStream): Logger {
  return pino(
    { level, base: null, serializers: { err: withoutRequest }, hooks: { streamWrite: withoutAddresses } },
    to,
  );
}

/** With a request that cannot be parsed node hands over all of its bytes, the session's cookie and addresses among them. */
function withoutRequest(error: Error): object {
  const { rawPacket: _bytes, ...told } = stdSerializers.err(error);
  return told;
}

/** Line for line, so that JSON stays JSON. */
export function withoutAddresses(text: string): string {
  return text.replace(url, '$1/...').replace(address, (found) => (found.includes('@') ? '[address]' : found));
}
