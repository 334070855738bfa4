import { readFile } from 'node:fs/promises';
import type { Db } from '../../db/database.ts';
import { setupSchema } from './rules.ts';
import { setUpMarketplace } from './service.ts';

const usage = `Makes a marketplace of your own, its shops and the people who sign in, out of a file.

  npm run setup -- setup.json

docs/setup.example.json is such a file. Running it again changes what changed of the marketplace and the names of shops, and adds the shops and people that are new.
People who exist stay as they are, and join new shops only: those of a shop are changed by its owners.
`;

/** Returns the exit code. What is wrong with the file is said for every place at once. */
export async function setupCommand([file]: readonly string[], { db, out }: { db: Db; out: (text: string) => void }) {
  if (file === undefined || file === '--help') {
    out(usage);
    return file === undefined ? 1 : 0;
  }
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) {
    out(`The file ${file} cannot be read. Check its name.\n`);
    return 1;
  }
  const parsed = setupSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    out(`${file} cannot be used:\n`);
    for (const { path, message } of parsed.error.issues) out(`  ${path.join('.') || 'the file'}: ${message}\n`);
    return 1;
  }
  await db.transaction().execute((trx) => setUpMarketplace(trx, parsed.data));
  const { marketplace, shops, people } = parsed.data;
  out(`${marketplace.name} is set up: ${shops.length} shops, ${people.length} people.\n`);
  return 0;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
