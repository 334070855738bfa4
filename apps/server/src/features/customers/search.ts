import { type RawBuilder, sql } from 'kysely';

/**
 * How a seller looks a customer up: by what the masked ID or e-mail shows of it (at most three characters), or by the
 * whole of one. In between nothing is found: a prefix that may grow letter by letter would spell out what the mask hides.
 */
export type CustomerSearch = { shown: string } | { whole: string };

/** As many characters as a mask ever shows, see maskIdentity. */
const shownAtMost = 3;

/** Undefined: nothing is looked for. Width, case and the stars of a copied mask do not matter. */
export function customerSearch(text: string | undefined): CustomerSearch | undefined {
  const wanted = (text ?? '')
    .toWellFormed()
    .normalize('NFKC')
    .replace(/[\p{Cc}\p{Zs}]/gu, '')
    .toLowerCase();
  const masked = wanted.replace(/\*+$/, '');
  if (masked === '') return undefined;
  return [...masked].length <= shownAtMost ? { shown: masked } : { whole: masked };
}

/**
 * The condition that a row of customer is one of those looked for. The begin of the ID counts, or of the e-mail of those
 * without one: what the mask is made of, and no more of it than it shows.
 */
export function isSearched(search: CustomerSearch): RawBuilder<boolean> {
  if ('whole' in search) {
    return sql<boolean>`(lower(customer.login_id) = ${search.whole} or lower(customer.email) = ${search.whole})`;
  }
  const pattern = `${search.shown.replace(/[\\%_]/g, '\\$&')}%`;
  const atLeast = [...search.shown].length * 2;
  return sql<boolean>`(
    (lower(customer.login_id) like ${pattern} and length(split_part(customer.login_id, '@', 1)) >= ${atLeast})
    or (customer.login_id is null and lower(customer.email) like ${pattern}
        and length(split_part(customer.email, '@', 1)) >= ${atLeast}))`;
}
