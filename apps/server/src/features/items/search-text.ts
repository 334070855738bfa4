/**
 * Text folded for searching: width (NFKC: `ＡＢＣ`, `ｶｯﾌﾟ`), case and runs of white space make no difference.
 * item.search_text is this of the item's name and number; what is looked for must go through it too.
 */
export function searchText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}
