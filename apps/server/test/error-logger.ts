import { pino } from 'pino';

/** For processes that tests and benchmarks start: nothing but what went wrong. */
export const errorLogger = pino({ level: 'error' });
