/**
 * Text folded for searching: width (NFKC: `ＡＢＣ`, `ｶｯﾌﾟ`), case and runs of white space make no difference.
 * item.search_text is this of the item's name and number; what is looked for must go through it too.
 */
export function searchText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}

/** What a keyword looks for: its words, of which an item has to have all, in any order. More than eight narrow no more. */
export function searchWords(keyword: string): string[] {
  return [...new Set(searchText(withoutNul(keyword)).split(' '))].filter((word) => word !== '').slice(0, 8);
}

/** An item number as it may be written: as typed, and with full-width letters and digits or another case mended. */
export function itemNoForms(itemNo: string): string[] {
  const typed = withoutNul(itemNo).trim();
  if (typed === '') return [];
  const folded = typed.normalize('NFKC').trim();
  return [...new Set([typed, folded, folded.toUpperCase(), folded.toLowerCase()])];
}

/** PostgreSQL's text has none, so no item can either. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '');
}
