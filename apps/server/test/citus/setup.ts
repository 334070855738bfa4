import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, expect, inject } from 'vitest';
import { analyse, hasTree, readCatalog } from './catalog.ts';
import { type Observed, observeStatements } from './observe.ts';
import { objections } from './rules.ts';

/**
 * Holds every statement that the product runs in a test to what Citus can do (docs/decisions/0018). Each is looked at once in a
 * run, by the first test file that comes across it, and fails that file.
 */
const observed: Observed[] = [];
observeStatements((one) => observed.push(one));

afterAll(async () => {
  const { url, folder } = inject('statementCheck');
  const fileOf = ({ text, before, same }: Observed): string =>
    join(
      folder,
      createHash('sha256')
        .update(JSON.stringify([text, before, same]))
        .digest('hex'),
    );
  const unknown = observed.filter((one) => hasTree(one.text) && !existsSync(fileOf(one)));
  if (unknown.length === 0) return;
  const client = new pg.Client(url);
  await client.connect();
  try {
    const catalog = await readCatalog(client);
    const wrong: string[] = [];
    for (const one of unknown) {
      const facts = objections(catalog, { tree: await analyse(client, one.text, one.before), same: one.same });
      if (facts.length === 0) writeFileSync(fileOf(one), '');
      else wrong.push(`${one.from}\n  ${facts.join('\n  ')}\n${one.text}`);
    }
    expect(wrong.join('\n\n'), 'statements that would not run on a Citus cluster (docs/decisions/0018)').toBe('');
  } finally {
    await client.end();
  }
});
