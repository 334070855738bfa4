import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { itemPicture } from './item-picture.ts';
import { motifOf } from './item-picture-motifs.ts';
import { searchText } from './search-text.ts';

describe('the picture of an item that has none', () => {
  it('is a small PNG of 400 by 400, always the same for the same item', async () => {
    const item = { name: 'JUMBO BAG RED RETROSPOT', itemNo: '85099', category: 'Bags' };
    const [one, other] = await Promise.all([itemPicture(item), itemPicture(item)]);
    expect(one.equals(other)).toBe(true);
    expect(one.length).toBeLessThan(30_000);
    expect(await sharp(one).metadata()).toMatchObject({ format: 'png', width: 400, height: 400 });
  });

  it('comes out for any text at all', async () => {
    const picture = await itemPicture({ name: '</svg>"&<script>\0', itemNo: '\ud83c', category: '' });
    expect((await sharp(picture).metadata()).format).toBe('png');
  });

  it.each([
    ['JUMBO BAG RED RETROSPOT', '', 'bag'],
    ['RED WOOLLY HOTTIE WHITE HEART.', '', 'hotWaterBottle'],
    ['波佐見焼 マグカップ 藍', '', 'mug'],
    ['히알루론산 앰플 30ml', '', 'bottle'],
    ['モンステラ 6号鉢', '', 'plant'],
    ['ALARM CLOCK BAKELIKE ORANGE', '', 'clock'],
    ['SOMETHING ELSE', 'Christmas', 'bauble'],
    ['SOMETHING ELSE', '', 'gift'],
  ])('shows for %s (%s) a %s', (name, category, motif) => {
    expect(motifOf(name, category)).toBe(motif);
  });
});

describe('search text', () => {
  it('is the same whatever the width, the case and the spaces', () => {
    expect(searchText(' ＡＢＣ  ﾏｸﾞｶｯﾌﾟ\tRed ')).toBe('abc マグカップ red');
  });
});
