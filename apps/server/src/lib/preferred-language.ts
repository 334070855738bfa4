/**
 * Which of these languages a browser's Accept-Language header (RFC 9110 12.5.4) likes best; undefined when it names
 * none of them.
 */
export function preferredLanguage<L extends string>(header: string | undefined, offered: readonly L[]): L | undefined {
  const wishes = (header ?? '')
    .split(',')
    .slice(0, 20)
    .map((part) => {
      const [range = '', ...parameters] = part.split(';');
      const quality = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
      return {
        language: range.trim().toLowerCase().split('-')[0],
        quality: quality === undefined ? 1 : Number(quality),
      };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return wishes.map(({ language }) => offered.find((one) => one === language)).find((one) => one !== undefined);
}
