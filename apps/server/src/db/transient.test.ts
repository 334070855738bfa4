import { expect, it } from 'vitest';
import { silentLog } from '../lib/plain-log.ts';
import { isTransient, lasting } from './transient.ts';

const failure = (code: string, message = 'no') => Object.assign(new Error(message), { code });

it('the database’s going, coming and filling up pass; what is wrong with a statement does not', () => {
  const pass = ['08006', '53100', '53300', '57P01', '57P03', '40P01', '40001', '55P03', 'ECONNREFUSED', 'ECONNRESET'];
  const stay = ['22021', '23505', '42P01', '57014', 'ENOENT', ''];
  expect(pass.map((code) => isTransient(failure(code)))).toEqual(pass.map(() => true));
  expect(stay.map((code) => isTransient(failure(code)))).toEqual(stay.map(() => false));
  expect(isTransient(new Error('Connection terminated unexpectedly'))).toBe(true);
  expect(isTransient(new Error('no session', { cause: failure('57P03') }))).toBe(true);
  expect(isTransient('a string')).toBe(false);
});

it('work is done again while only the database is in the way, and what is thrown otherwise is thrown', async () => {
  const patience = { stopping: new AbortController().signal, log: silentLog };
  let tries = 0;
  const work = async () => {
    tries += 1;
    if (tries < 3) throw failure('57P03');
    return 'done';
  };
  expect(await lasting(work, patience)).toBe('done');
  expect(tries).toBe(3);
  await expect(lasting(() => Promise.reject(failure('23505', 'twice')), patience)).rejects.toThrow('twice');
});

it('a process that stops does not wait for the database for long', async () => {
  const stopping = new AbortController();
  const waiting = lasting(() => Promise.reject(failure('ECONNREFUSED', 'away')), {
    stopping: stopping.signal,
    log: silentLog,
  });
  stopping.abort();
  await expect(waiting).rejects.toThrow('away');
});
