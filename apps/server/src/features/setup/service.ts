import type { Trx } from '../../db/database.ts';
import { addToShops, createPerson } from '../accounts/service.ts';
import { selectShopNos, upsertMarketplace, upsertShops } from './db.ts';
import type { Setup } from './rules.ts';

/**
 * Makes the marketplace, its shops and the people who sign in what the setup says. Running it again changes names and
 * links; people who exist already stay as they are, but join the shops that are new. Who belongs to a shop that is there
 * already is for its owners to say: somebody whom they removed does not come back by an old file.
 */
export async function setUpMarketplace(trx: Trx, setup: Setup): Promise<void> {
  await upsertMarketplace(trx, setup.marketplace);
  const known = await selectShopNos(trx, setup.shops);
  const ids = await upsertShops(trx, setup.shops);
  for (const person of setup.people) {
    const shops = person.shops.flatMap(({ shopNo, role }) => {
      const shopId = ids.get(shopNo);
      return shopId === undefined ? [] : [{ shopId, role, isNew: !known.has(shopNo) }];
    });
    if ((await createPerson(trx, { ...person, shops })) !== null) continue;
    const made = shops.filter(({ isNew }) => isNew);
    await addToShops(trx, person.email, made);
  }
}
