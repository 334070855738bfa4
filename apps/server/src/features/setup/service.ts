import type { Trx } from '../../db/database.ts';
import { createPerson } from '../accounts/service.ts';
import { upsertMarketplace, upsertShops } from './db.ts';
import type { Setup } from './rules.ts';

/**
 * Makes the marketplace, its shops and the people who sign in what the setup says. Running it again changes names and
 * links; people who exist already keep their password.
 */
export async function setUpMarketplace(trx: Trx, setup: Setup): Promise<void> {
  await upsertMarketplace(trx, setup.marketplace);
  const ids = await upsertShops(trx, setup.shops);
  for (const person of setup.people) {
    const shops = person.shops.flatMap(({ shopNo, role }) => {
      const shopId = ids.get(shopNo);
      return shopId === undefined ? [] : [{ shopId, role }];
    });
    await createPerson(trx, { ...person, shops });
  }
}
