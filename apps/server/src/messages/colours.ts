/** `#rrggbb` */
export type Colour = `#${string}`;

/** A deep red-orange: 5.2 : 1 on white. */
export const defaultAccent: Colour = '#c2410c';

export function accentOf(text: string | undefined): Colour {
  return text !== undefined && /^#[0-9a-f]{6}$/i.test(text) ? (text.toLowerCase() as Colour) : defaultAccent;
}

function channels(colour: Colour): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

/** `share` of `other` in `colour`, 0 to 1. */
export function mix(colour: Colour, other: Colour, share: number): Colour {
  const others = channels(other);
  const mixed = channels(colour).map((value, index) => Math.round(value + ((others[index] ?? 0) - value) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** WCAG contrast ratio, 1 to 21. */
export function contrast(one: Colour, other: Colour): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = channels(colour)
    .map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** `colour`, mixed with as much of `towards` as it takes to be readable (4.5 : 1) on `ground`. */
export function readable(colour: Colour, ground: Colour, towards: Colour): Colour {
  for (let share = 0; share < 1; share += 0.05) {
    const candidate = mix(colour, towards, share);
    if (contrast(candidate, ground) >= 4.5) return candidate;
  }
  return towards;
}
