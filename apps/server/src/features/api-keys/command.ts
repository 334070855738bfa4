import { parseArgs } from 'node:util';
import type { Db } from '../../db/database.ts';
import { selectKeys } from './db.ts';
import { createApiKey, revokeApiKey } from './service.ts';

const usage = `Keys with which the marketplace's own systems use the HTTP API (redemption, devices).

  npm run api-key -- create --name checkout   makes a key and prints it, this once
  npm run api-key -- list
  npm run api-key -- revoke --name checkout   no request with it is taken any more after two seconds

A system sends its key as "Authorization: Bearer <key>".
`;

/** The `api-key` command. Returns the exit code. */
export async function apiKeyCommand(
  argv: readonly string[],
  { db, out }: { db: Db; out: (text: string) => unknown },
): Promise<number> {
  const asked = parse(argv);
  if (asked === undefined || asked.help) {
    out(usage);
    return asked === undefined ? 1 : 0;
  }
  if (asked.what === 'list') return await list(db, out);
  const { name } = asked;
  if (!/^[^\p{C}]{1,60}$/u.test(name)) {
    out('Give the key a name of 1 to 60 characters: --name checkout\n');
    return 1;
  }
  if (asked.what === 'revoke') {
    const revoked = await revokeApiKey(db, name);
    out(
      revoked
        ? `The key "${name}" is revoked.\n`
        : `There is no key "${name}". "npm run api-key -- list" shows them.\n`,
    );
    return revoked ? 0 : 1;
  }
  const key = await createApiKey(db, name);
  if (key === undefined) {
    out(`There is a key "${name}" already. Choose another name, or revoke that one first.\n`);
    return 1;
  }
  out(`The key "${name}", which is not shown again:\n\n  ${key}\n\n`);
  return 0;
}

function parse(argv: readonly string[]) {
  const options = { name: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    const [what = ''] = positionals;
    const help = values.help === true;
    if (!help && (positionals.length !== 1 || !['create', 'list', 'revoke'].includes(what))) return undefined;
    return { what, help, name: (values.name ?? '').trim() };
  } catch {
    return undefined;
  }
}

async function list(db: Db, out: (text: string) => unknown): Promise<number> {
  const keys = await selectKeys(db);
  if (keys.length === 0) out('There are no keys yet. "npm run api-key -- create --name checkout" makes one.\n');
  for (const { name, createdAt, lastUsedAt, revokedAt } of keys) {
    const used = lastUsedAt === null ? 'never used' : `last used ${lastUsedAt.toISOString()}`;
    const revoked = revokedAt === null ? '' : `, revoked ${revokedAt.toISOString()}`;
    out(`  ${name.padEnd(20)} made ${createdAt.toISOString()}, ${used}${revoked}\n`);
  }
  return 0;
}
