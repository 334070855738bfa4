import { z } from 'zod';
import type { Db } from '../../db/database.ts';
import { keptSecret } from '../../db/secrets.ts';
import { generateVapidKeys, type VapidKeys } from './channel.ts';

const vapidKeys = z.object({ publicKey: z.string(), privateKey: z.string() });

/** This deployment's VAPID keys, made at first use and kept: every subscription is bound to them. */
export async function keptVapidKeys(db: Db): Promise<VapidKeys> {
  const kept = await keptSecret(db, 'vapid', () => JSON.stringify(generateVapidKeys()));
  return vapidKeys.parse(JSON.parse(kept));
}
