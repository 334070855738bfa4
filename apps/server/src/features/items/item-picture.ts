import sharp from 'sharp';
import { hashOf } from '../../lib/hash.ts';
import { type MotifName, motifOf, motifs, type Palette } from './item-picture-motifs.ts';

const size = 400;

/** The pictures drawn last: a push's few items are asked for by everyone who opens its e-mail. About 9 KB each. */
const drawn = new Map<string, Promise<Buffer>>();
const drawnAtMost = 1000;

/**
 * Draws a picture for an item that has none: a 400 by 400 PNG with a motif that fits its name, in colours of its own. The
 * same item always gets the same picture. Shapes only, since a server may have no fonts.
 */
export async function itemPicture(item: { name: string; itemNo: string; category: string }): Promise<Buffer> {
  const svg = pictureSvg(motifOf(item.name, item.category), hashOf(`${item.itemNo} ${item.name}`));
  const known = drawn.get(svg);
  if (known !== undefined) return await known;
  const picture = sharp(Buffer.from(svg)).png({ palette: true, colours: 64, effort: 3 }).toBuffer();
  drawn.set(svg, picture);
  for (const oldest of drawn.keys()) {
    if (drawn.size <= drawnAtMost) break;
    drawn.delete(oldest);
  }
  return await picture;
}

/** The picture as SVG; `seed` chooses the colours. */
export function pictureSvg(motif: MotifName, seed: number): string {
  const { background, disc, ...colours } = paletteOf(seed >>> 0);
  const drawing = (motifs[motif] as (colours: Palette) => string)(colours);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 400 400">
<rect width="400" height="400" fill="${background}"/>
<circle cx="200" cy="200" r="158" fill="${disc}"/>
<g stroke="${colours.ink}" stroke-width="7" stroke-linecap="round" stroke-linejoin="round" transform="translate(200 200) scale(1.06) translate(-200 -200)">${drawing}</g>
</svg>`;
}

/** Hues that go well as a pastel, each with one that sets it off. Greenish yellows, which look ill, are left out. */
const hues: readonly (readonly [main: number, accent: number])[] = [
  [8, 42],
  [22, 186],
  [36, 350],
  [150, 20],
  [172, 40],
  [196, 12],
  [214, 38],
  [232, 350],
  [262, 42],
  [286, 160],
  [320, 36],
  [344, 200],
];

function paletteOf(seed: number): Palette & { background: string; disc: string } {
  const [main, accent] = hues[seed % hues.length] ?? [8, 42];
  const shift = ((seed >>> 8) % 9) - 4;
  const hsl = (hue: number, saturation: number, lightness: number) =>
    `hsl(${(hue + shift + 360) % 360},${saturation}%,${lightness}%)`;
  return {
    background: hsl(main, 42, 95),
    disc: hsl(main, 46, 89),
    ink: hsl(main, 30, 27),
    main: hsl(main, 52, 72),
    soft: hsl(main, 48, 83),
    accent: hsl(accent, 66, 66),
    paper: '#fffdf8',
  };
}
