/** Where a list by number goes on; anything else than a number of ours begins at its beginning. */
export function placeByNumber(after: string | undefined): number | undefined {
  return /^\d{1,15}$/.test(after ?? '') ? Number(after) : undefined;
}
