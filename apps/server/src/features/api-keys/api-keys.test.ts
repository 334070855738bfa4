import { beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../test/books.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { AppError } from '../../lib/app-error.ts';
import { apiKeyCommand } from './command.ts';
import { ApiKeys, createApiKey, revokeApiKey } from './service.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  return database.drop;
});

async function command(...argv: string[]): Promise<{ code: number; printed: string }> {
  let printed = '';
  const out = (text: string) => {
    printed += text;
  };
  return { code: await apiKeyCommand(argv, { db: database.db, out }), printed };
}

const asked = (keys: ApiKeys, key: string) =>
  keys.authenticate({ headers: { authorization: `Bearer ${key}` } }).then(
    ({ name }) => name,
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );

describe('an API key', () => {
  it('is shown once, kept as a hash, and tells which system asks', async () => {
    const { code, printed } = await command('create', '--name', 'checkout');
    const key = /cpk_\d+_[\w-]{43}/.exec(printed)?.[0] ?? '';
    expect([code, await asked(new ApiKeys(database.db), key)]).toEqual([0, 'checkout']);
    const kept = JSON.stringify(await database.db.selectFrom('api_key').selectAll().execute());
    expect(kept).not.toContain(key.split('_')[2]);
    expect((await command('list')).printed).not.toContain(key.split('_')[2]);
  });

  it('is refused in every process within seconds of being revoked, and its name is free again', async () => {
    const key = (await createApiKey(database.db, 'app')) ?? '';
    const processes = [new ApiKeys(database.db), new ApiKeys(database.db)];
    for (const keys of processes) expect(await asked(keys, key)).toBe('app');
    expect(await createApiKey(database.db, 'app')).toBeUndefined();
    expect(await revokeApiKey(database.db, 'app')).toBe(true);
    for (const keys of processes) {
      await until(
        async () => ((await asked(keys, key)) === 'api_key_invalid' ? true : undefined),
        10_000,
        'the refusal',
      );
    }
    const next = (await createApiKey(database.db, 'app')) ?? '';
    expect(await asked(new ApiKeys(database.db), next)).toBe('app');
    expect(await asked(new ApiKeys(database.db), key)).toBe('api_key_invalid');
  });

  it('works in a process that was there before it was made', async () => {
    const keys = new ApiKeys(database.db);
    expect(await asked(keys, `cpk_999_${'x'.repeat(43)}`)).toBe('api_key_invalid');
    const key = (await createApiKey(database.db, 'late')) ?? '';
    await until(async () => ((await asked(keys, key)) === 'late' ? true : undefined), 10_000, 'the new key');
  });

  it('of another number, with another’s secret, or cut off is refused', async () => {
    const one = (await createApiKey(database.db, 'one')) ?? '';
    const two = (await createApiKey(database.db, 'two')) ?? '';
    const mixed = `${two.slice(0, -43)}${one.slice(-43)}`;
    const keys = new ApiKeys(database.db);
    for (const key of [mixed, one.slice(0, -1), `${one}A`, '', 'cpk__', `cpk_1e3_${one.slice(-43)}`]) {
      expect([key, await asked(keys, key)]).toEqual([key, 'api_key_invalid']);
    }
  });
});

describe('the api-key command', () => {
  it('says when a key was last used, and which are revoked', async () => {
    const key = (await createApiKey(database.db, 'listed')) ?? '';
    const keys = new ApiKeys(database.db);
    await asked(keys, key);
    const line = async () => (await command('list')).printed.split('\n').find((text) => text.includes('listed'));
    expect(await line()).toContain('never used');
    await until(
      async () => {
        await asked(keys, key);
        return (await line())?.includes('last used 2') ? true : undefined;
      },
      10_000,
      'the note of its use',
    );
    await command('revoke', '--name', 'listed');
    expect(await line()).toContain('revoked 2');
  });

  it('explains itself instead of guessing', async () => {
    for (const argv of [[], ['make'], ['create', 'checkout'], ['create', '--nam', 'x']]) {
      expect(await command(...argv)).toMatchObject({ code: 1, printed: expect.stringContaining('npm run api-key') });
    }
    expect(await command('create')).toMatchObject({ code: 1, printed: expect.stringContaining('--name') });
    expect(await command('revoke', '--name', 'nobody')).toMatchObject({
      code: 1,
      printed: expect.stringContaining('no key'),
    });
    expect((await command('--help')).code).toBe(0);
  });
});
