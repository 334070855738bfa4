import type { IncomingHttpHeaders } from 'node:http';
import type { Db, Trx } from '../../db/database.ts';
import { AppError } from '../../lib/app-error.ts';
import { insertKey, selectLivingKeys, updateRevoked } from './db.ts';
import { bearerOf, hashOfSecret, isSecretOf, newSecret, readKey, writeKey } from './rules.ts';

/** A system of the marketplace, by the key that it was given. */
export interface MarketplaceSystem {
  keyId: number;
  name: string;
}

/**
 * Makes a key for one of the marketplace's systems. It is returned this once and cannot be read again.
 * Undefined when a key of that name is in use.
 */
export async function createApiKey(db: Db | Trx, name: string): Promise<string | undefined> {
  const secret = newSecret();
  const id = await insertKey(db, { name, hash: hashOfSecret(secret) });
  return id === undefined ? undefined : writeKey(id, secret);
}

/** No process takes the key any more after two seconds. False when there is none of that name. */
export async function revokeApiKey(db: Db | Trx, name: string): Promise<boolean> {
  return await updateRevoked(db, name);
}

/** A process reads the keys again when what it knows is older than this. */
const knownForMs = 2000;

/**
 * The keys as this process knows them: all of them, so that a request costs no query, and a flood of made-up keys costs
 * the database nothing.
 */
export class ApiKeys {
  readonly #db: Db;
  #known = new Map<number, { name: string; hash: string }>();
  #used = new Set<number>();
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  constructor(db: Db) {
    this.#db = db;
  }

  /**
   * Which system makes a request.
   * @throws AppError api_key_invalid
   */
  async authenticate(request: { headers: IncomingHttpHeaders }): Promise<MarketplaceSystem> {
    const key = readKey(bearerOf(request.headers.authorization) ?? '');
    if (key === undefined) throw new AppError('api_key_invalid');
    if (performance.now() - this.#readAt > knownForMs) {
      this.#reading ??= this.#read().finally(() => {
        this.#reading = undefined;
      });
      await this.#reading;
    }
    const known = this.#known.get(key.id);
    if (known === undefined || !isSecretOf(known.hash, key.secret)) throw new AppError('api_key_invalid');
    this.#used.add(key.id);
    return { keyId: key.id, name: known.name };
  }

  async #read(): Promise<void> {
    const used = [...this.#used];
    this.#used.clear();
    const keys = await selectLivingKeys(this.#db, used);
    this.#known = new Map(keys.map(({ id, ...key }) => [id, key]));
    this.#readAt = performance.now();
  }
}
