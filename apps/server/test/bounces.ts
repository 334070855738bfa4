import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { createTransport } from 'nodemailer';
import type { Db } from '../src/db/database.ts';
import type { ReturnPaths } from '../src/features/bounces/return-path.ts';
import { issueCoupons } from './issued-coupons.ts';
import type { TestShop } from './marketplace.ts';

export const returnPaths: ReturnPaths = { domain: 'bounces.example.com', secret: 'a secret of the tests' };

/** A notification as mail servers write them: test/data/bounces. */
export function bounceSample(name: string): Buffer {
  return readFileSync(new URL(`./data/bounces/${name}.eml`, import.meta.url));
}

/** Sends a mail as another mail server does, with no sender; the answer's code, 250 when it was taken. */
export async function returnMail(port: number, to: string, raw: Buffer | string): Promise<number> {
  const transport = createTransport({ host: '127.0.0.1', port, ignoreTLS: true });
  try {
    await transport.sendMail({ envelope: { from: '', to }, raw });
    return 250;
  } catch (error) {
    const code = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : Number.NaN;
    if (Number.isNaN(code)) throw error;
    return code;
  } finally {
    transport.close();
  }
}

/** A push whose e-mails the mail server took, as the engine would have left it. */
export async function sentPush(
  db: Db,
  shop: TestShop,
  customers: readonly number[],
  sentAt: Date,
): Promise<{ pushId: number }> {
  const { pushId } = await issueCoupons(db, shop, customers, { issuedAt: sentAt });
  await sql`
    insert into recipient (push_id, customer_id, email_state, email_attempts, email_at, app_push_state)
    select ${pushId}, customer_id, 'sent', 1, ${sentAt}, 'none' from unnest(${customers}::bigint[]) customer_id`.execute(
    db,
  );
  return { pushId };
}
