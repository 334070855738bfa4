// Beside compensation.ts, so that the pages know these figures without loading the schemas.

/** The largest file of order numbers that is taken, bytes (10 MB). */
export const orderFileMaxBytes = 10 * 1024 * 1024;
/** How many rows a file may have. */
export const orderFileMaxRows = 100_000;
/** How many orders can be handed over at once by number; a file may hold more. */
export const maxOrderNos = 20_000;
/** Of what the marketplace numbers its orders with. */
export const orderNoMaxLength = 64;
/** Rows and recipients on a page. */
export const pageSize = 50;
/** What became of a row of the file (spec 5, File upload). `matched`: the first row of its customer. */
export const rowOutcomes = ['matched', 'same_customer', 'not_found', 'other_shop', 'unreadable'] as const;
