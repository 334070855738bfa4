/** What code that runs before the real logger needs of it; a pino logger fits. */
export interface PlainLog {
  info(message: string): void;
  warn(message: string): void;
}

export const silentLog: PlainLog = { info: () => {}, warn: () => {} };
