/** Colours of one picture. */
export interface Palette {
  ink: string;
  main: string;
  soft: string;
  accent: string;
  paper: string;
}

/** Draws on a sheet of 400 by 400; strokes are ink and round unless said otherwise. */
type Motif = (colours: Palette) => string;

const path = (d: string, fill = 'none') => `<path d="${d}" fill="${fill}"/>`;
const circle = (x: number, y: number, r: number, fill = 'none') =>
  `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}"/>`;
const rect = (x: number, y: number, w: number, h: number, r: number, fill = 'none') =>
  `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="${r}" fill="${fill}"/>`;
const ellipse = (x: number, y: number, rx: number, ry: number, fill = 'none') =>
  `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${fill}"/>`;
/** A heart whose upper dip is at (x, y). */
const heartPath = (x: number, y: number, s: number) =>
  `M${x} ${y}C${x - 0.5 * s} ${y - 0.75 * s} ${x - 1.35 * s} ${y - 0.1 * s} ${x} ${y + s}C${x + 1.35 * s} ${y - 0.1 * s} ${x + 0.5 * s} ${y - 0.75 * s} ${x} ${y}Z`;
const dots = (places: readonly (readonly [number, number])[], r: number, fill: string) =>
  `<g stroke="none">${places.map(([x, y]) => circle(x, y, r, fill)).join('')}</g>`;

function starPath(x: number, y: number, r: number): string {
  const points = Array.from({ length: 10 }, (_, index) => {
    const radius = index % 2 === 0 ? r : r * 0.45;
    const angle = (Math.PI / 5) * index - Math.PI / 2;
    return `${(x + radius * Math.cos(angle)).toFixed(1)} ${(y + radius * Math.sin(angle)).toFixed(1)}`;
  });
  return `M${points.join('L')}Z`;
}

const flame = (x: number, y: number, fill: string) => path(`M${x} ${y}c-16 20-14 38 0 40c14-2 16-20 0-40Z`, fill);

export const motifs = {
  bag: (c) =>
    path('M160 165v-20a40 40 0 0 1 80 0v20') +
    path('M120 165h160l14 120a12 12 0 0 1-12 13H118a12 12 0 0 1-12-13Z', c.main) +
    dots(
      [
        [150, 205],
        [200, 205],
        [250, 205],
        [138, 250],
        [175, 250],
        [225, 250],
        [262, 250],
      ],
      9,
      c.paper,
    ),
  handbag: (c) =>
    path('M155 190c0-95 90-95 90 0') +
    path('M118 190h164c14 30 22 60 22 84c0 14-10 22-24 22H120c-14 0-24-8-24-22c0-24 8-54 22-84Z', c.main) +
    path('M112 205h176c0 34-40 48-88 48s-88-14-88-48Z', c.soft) +
    circle(200, 253, 11, c.accent),
  mug: (c) =>
    path('M262 175h22c38 0 38 82-6 82h-20') +
    path('M118 150h146v112c0 22-16 36-38 36h-70c-22 0-38-14-38-36Z', c.main) +
    path(heartPath(191, 212, 34), c.paper) +
    path('M165 122c-10-14 10-20 0-34M215 122c-10-14 10-20 0-34'),
  teacup: (c) =>
    ellipse(200, 290, 108, 14, c.soft) +
    path('M276 190c44-10 44 62-18 58') +
    path('M116 178h168c0 64-34 102-84 102s-84-38-84-102Z', c.paper) +
    path('M121 212c50 16 108 16 158 0') +
    dots(
      [
        [150, 240],
        [200, 248],
        [250, 240],
      ],
      7,
      c.accent,
    ) +
    path('M200 150c-12-16 12-24 0-42'),
  teapot: (c) =>
    path('M118 205c-46-14-56 66 12 66') +
    path('M268 250c40-2 34-56 64-62l-10-24c-36 8-34 40-58 48Z', c.soft) +
    path('M122 210c0-44 34-66 78-66s78 22 78 66c0 50-26 84-78 84s-78-34-78-84Z', c.main) +
    path('M148 158c24-16 80-16 104 0') +
    circle(200, 128, 14, c.accent) +
    dots(
      [
        [170, 220],
        [200, 240],
        [230, 220],
        [200, 200],
      ],
      8,
      c.paper,
    ),
  plate: (c) =>
    circle(200, 205, 102, c.paper) +
    circle(200, 205, 62, c.soft) +
    dots(
      [
        [200, 123],
        [282, 205],
        [200, 287],
        [118, 205],
        [258, 147],
        [258, 263],
        [142, 263],
        [142, 147],
      ],
      8,
      c.accent,
    ) +
    path(heartPath(200, 196, 24), c.main),
  bowl: (c) =>
    path('M104 190h192c0 62-40 98-96 98s-96-36-96-98Z', c.main) +
    path('M164 288h72l6 16h-84Z', c.soft) +
    path('M118 222c27 14 55 14 82 0s55-14 82 0') +
    path('M232 190l58-86M256 190l54-72'),
  cutlery: (c) =>
    path('M120 100v56c0 44 72 44 72 0v-56Z', c.main) +
    path('M144 100v50M168 100v50M156 190v110') +
    path('M248 300V100c36 10 44 80 34 116h-34', c.paper),
  cake: (c) =>
    path('M120 220h160v64a12 12 0 0 1-12 12H132a12 12 0 0 1-12-12Z', c.main) +
    path(
      'M120 220c0-28 20-40 80-40s80 12 80 40c0 22-32 22-32 0c0 22-32 22-32 0c0 22-32 22-32 0c0 22-32 22-32 0c0 22-32 22-32 0Z',
      c.paper,
    ) +
    path('M200 180v-40') +
    flame(200, 98, c.accent) +
    path('M100 298h200'),
  candle: (c) =>
    rect(160, 160, 80, 116, 12, c.main) +
    path('M160 186c14 0 8 28 22 28s10-28 26-28s10 18 32 18', 'none') +
    path('M200 160v-18') +
    flame(200, 96, c.accent) +
    path('M118 276h164c0 16-12 24-28 24H146c-16 0-28-8-28-24Z', c.soft),
  lantern: (c) =>
    path('M170 128c0-36 60-36 60 0') +
    path('M146 156l22-28h64l22 28Z', c.main) +
    rect(146, 156, 108, 122, 8, c.paper) +
    path('M134 278h132v20H134Z', c.main) +
    rect(180, 226, 40, 52, 6, c.soft) +
    flame(200, 182, c.accent),
  lamp: (c) =>
    path('M200 204v74') +
    path('M156 112h88l38 92H118Z', c.main) +
    path('M150 296c0-12 22-18 50-18s50 6 50 18Z', c.soft) +
    path('M240 204v30') +
    circle(240, 240, 6, c.accent),
  clock: (c) =>
    circle(150, 128, 26, c.accent) +
    circle(250, 128, 26, c.accent) +
    path('M142 276l-20 24M258 276l20 24') +
    circle(200, 212, 86, c.main) +
    circle(200, 212, 62, c.paper) +
    path('M200 172v40l28 18'),
  heart: (c) => path('M200 64v72') + path(heartPath(200, 172, 124), c.main) + path('M152 196c-8-20 6-36 24-34'),
  star: (c) => path('M200 66v30') + path(starPath(200, 212, 112), c.main) + circle(200, 216, 20, c.accent),
  box: (c) =>
    rect(112, 190, 176, 106, 10, c.main) +
    path('M100 150h200v40H100Z', c.soft) +
    path('M200 150v146') +
    circle(200, 232, 12, c.accent),
  tin: (c) =>
    path('M124 160v116c0 14 34 24 76 24s76-10 76-24V160', c.main) +
    ellipse(200, 152, 84, 24, c.soft) +
    path('M116 152v16c0 14 38 24 84 24s84-10 84-24v-16', c.soft) +
    ellipse(200, 150, 84, 24, c.paper) +
    circle(200, 128, 12, c.accent) +
    rect(162, 218, 76, 46, 8, c.paper),
  jar: (c) =>
    rect(140, 116, 120, 34, 8, c.accent) +
    path('M150 150h100c24 14 32 32 32 56v68c0 16-10 26-26 26H144c-16 0-26-10-26-26v-68c0-24 8-42 32-56Z', c.paper) +
    path('M118 232h164v42c0 16-10 26-26 26H144c-16 0-26-10-26-26Z', c.main),
  bottle: (c) =>
    rect(176, 92, 48, 34, 8, c.accent) +
    path('M184 126h32v22c34 10 46 30 46 60v66c0 16-10 26-26 26h-72c-16 0-26-10-26-26v-66c0-30 12-50 46-60Z', c.main) +
    rect(160, 206, 80, 58, 8, c.paper) +
    path('M178 226h44M178 244h28'),
  cream: (c) =>
    rect(118, 150, 164, 44, 12, c.accent) +
    path('M126 194h148v76c0 18-12 30-30 30h-88c-18 0-30-12-30-30Z', c.paper) +
    path('M172 122c0-30 56-22 34 2', 'none') +
    circle(200, 248, 22, c.main),
  lipstick: (c) =>
    path('M170 196v-62l60-38v100Z', c.accent) + rect(158, 196, 84, 36, 4, c.soft) + rect(146, 232, 108, 70, 8, c.main),
  palette: (c) =>
    rect(108, 196, 184, 96, 14, c.main) +
    path('M116 196l18-86a12 12 0 0 1 12-10h108a12 12 0 0 1 12 10l18 86Z', c.paper) +
    dots(
      [
        [150, 244],
        [200, 244],
        [250, 244],
      ],
      18,
      c.soft,
    ) +
    circle(150, 244, 18) +
    circle(200, 244, 18, c.accent) +
    circle(250, 244, 18),
  notebook: (c) =>
    rect(128, 104, 152, 192, 12, c.main) +
    path('M158 104v192') +
    path('M114 136h28M114 176h28M114 216h28M114 256h28') +
    rect(182, 140, 74, 46, 6, c.paper),
  pencil: (c) =>
    path('M252 106l42 42l-138 138l-54 12l12-54Z', c.main) +
    path('M114 244l42 42l-54 12Z', c.paper) +
    path('M226 132l42 42') +
    path('M252 106c10-10 26-8 34 2s16 24 8 40Z', c.accent),
  card: (c) =>
    rect(104, 140, 192, 136, 12, c.paper) + path('M106 150l94 76l94-76') + path(heartPath(200, 212, 32), c.accent),
  ribbon: (c) =>
    path('M200 196c-20-60-96-64-90-16c4 34 60 30 90 16c20-60 96-64 90-16c-4 34-60 30-90 16Z', c.main) +
    path(
      'M196 200c-10 34-34 62-56 88l-4-34l-30 6c34-14 62-36 82-64M204 200c10 34 34 62 56 88l4-34l30 6c-34-14-62-36-82-64',
      c.soft,
    ) +
    circle(200, 196, 16, c.accent),
  bunting: (c) =>
    path('M92 132c60 40 156 40 216 0') +
    path('M112 144l44 14l-32 60Z', c.main) +
    path('M176 162h48l-24 62Z', c.accent) +
    path('M244 158l44-14l-12 74Z', c.main) +
    path('M104 250c54 34 138 34 192 0', 'none') +
    dots(
      [
        [128, 264],
        [164, 276],
        [200, 280],
        [236, 276],
        [272, 264],
      ],
      9,
      c.accent,
    ),
  plant: (c) =>
    path('M200 214c-8-40-2-74 18-104M200 214c-14-30-34-46-62-52M200 214c14-26 36-40 66-42') +
    path('M218 110c-34 2-44 40-18 66c26-16 38-42 18-66Z', c.main) +
    path('M138 162c-16 30 14 54 50 38c-2-28-22-42-50-38Z', c.main) +
    path('M266 172c-30-12-52 12-46 38c28 8 48-8 46-38Z', c.soft) +
    path('M138 214h124l-14 76a12 12 0 0 1-12 10h-72a12 12 0 0 1-12-10Z', c.accent),
  flower: (c) =>
    path('M200 190v112M200 268c-34 4-50-14-52-38c30-2 46 12 52 38M200 282c30 0 46-16 46-36c-26 0-42 12-46 36', c.soft) +
    [0, 60, 120, 180, 240, 300]
      .map((turn) => `<g transform="rotate(${turn} 200 158)">${ellipse(200, 122, 22, 30, c.main)}</g>`)
      .join('') +
    circle(200, 158, 22, c.accent),
  vase: (c) =>
    path('M200 190c-4-34-20-54-46-66M200 190c0-40 4-66 8-88M200 190c6-30 24-48 48-56') +
    circle(150, 120, 20, c.accent) +
    circle(208, 98, 22, c.main) +
    circle(254, 130, 20, c.accent) +
    path('M174 190h52c-2 26 34 40 34 74c0 24-18 38-60 38s-60-14-60-38c0-34 36-48 34-74Z', c.paper) +
    path('M144 250c38 14 74 14 112 0'),
  wateringCan: (c) =>
    path('M258 168c60-28 62 84 4 96') +
    path('M142 228l-58-74l22-16') +
    path('M136 190h128v92a16 16 0 0 1-16 16h-96a16 16 0 0 1-16-16Z', c.main) +
    ellipse(200, 190, 64, 16, c.soft) +
    path('M74 146l38-28', 'none'),
  seeds: (c) =>
    rect(132, 100, 136, 200, 10, c.paper) +
    path('M132 136h136') +
    path('M200 262v-56M200 226c-26 2-38-12-38-34c26 0 38 12 38 34M200 214c24 0 36-14 34-36c-22 2-34 14-34 36', c.main),
  bear: (c) =>
    circle(142, 134, 30, c.main) +
    circle(258, 134, 30, c.main) +
    ellipse(200, 196, 92, 84, c.main) +
    ellipse(200, 226, 42, 34, c.paper) +
    dots(
      [
        [168, 182],
        [232, 182],
      ],
      9,
      c.ink,
    ) +
    ellipse(200, 212, 13, 9, c.ink) +
    path('M200 222v14M184 240c10 8 22 8 32 0'),
  rocket: (c) =>
    path('M160 244c-28 8-36 28-34 50l42-18M240 244c28 8 36 28 34 50l-42-18', c.accent) +
    path('M200 84c44 36 56 88 44 152l-16 40h-56l-16-40c-12-64 0-116 44-152Z', c.paper) +
    circle(200, 176, 24, c.main) +
    path('M182 290c6 20 12 22 18 28c6-6 12-8 18-28', c.accent),
  blocks: (c) =>
    rect(108, 210, 88, 88, 10, c.main) +
    rect(204, 210, 88, 88, 10, c.paper) +
    rect(156, 114, 88, 88, 10, c.soft) +
    path(starPath(200, 160, 28), c.accent) +
    path(heartPath(248, 244, 24), c.accent) +
    circle(152, 254, 22, c.paper),
  umbrella: (c) =>
    path('M200 104v-14M200 196v86c0 28 44 28 44 0') +
    path('M92 200c4-60 50-96 108-96s104 36 108 96c-18-18-54-18-72 0c-18-18-54-18-72 0c-18-18-54-18-72 0Z', c.main) +
    path('M164 200c0-44 14-74 36-96c22 22 36 52 36 96'),
  frame: (c) =>
    rect(108, 112, 184, 176, 10, c.main) +
    rect(134, 138, 132, 124, 4, c.paper) +
    path('M134 250l42-52l30 34l22-24l38 42', c.soft) +
    circle(232, 168, 14, c.accent),
  sign: (c) =>
    path('M140 160l60-56l60 56') +
    rect(100, 160, 200, 110, 14, c.main) +
    path('M132 196h136M132 216h96M132 236h116') +
    circle(200, 100, 7, c.accent),
  cushion: (c) =>
    path(
      'M116 126c56 14 112 14 168 0c12 0 16 8 14 18c-12 40-12 74 0 114c2 10-4 18-14 18c-56-14-112-14-168 0c-10 0-16-8-14-18c12-40 12-74 0-114c-2-10 2-18 14-18Z',
      c.main,
    ) + path(heartPath(200, 188, 52), c.paper),
  hotWaterBottle: (c) =>
    rect(178, 92, 44, 30, 8, c.accent) +
    path('M182 122h36c0 20 58 14 58 52v94c0 22-14 34-36 34h-80c-22 0-36-12-36-34v-94c0-38 58-32 58-52Z', c.main) +
    path(heartPath(200, 208, 44), c.paper),
  tree: (c) =>
    rect(184, 272, 32, 30, 4, c.soft) +
    path('M200 110l44 62h-24l44 54h-26l46 48H116l46-48h-26l44-54h-24Z', c.main) +
    path(starPath(200, 102, 26), c.accent) +
    dots(
      [
        [190, 190],
        [218, 216],
        [172, 238],
        [232, 254],
        [200, 252],
      ],
      8,
      c.paper,
    ),
  bauble: (c) =>
    path('M200 66v42') +
    rect(180, 106, 40, 26, 6, c.accent) +
    circle(200, 214, 84, c.main) +
    path('M120 196c50 20 110 20 160 0M122 238c48 18 108 18 156 0') +
    dots(
      [
        [160, 222],
        [200, 230],
        [240, 222],
      ],
      8,
      c.paper,
    ),
  necklace: (c) =>
    path('M118 110c-10 90 34 132 82 138c48-6 92-48 82-138') +
    path(heartPath(200, 254, 38), c.main) +
    dots(
      [
        [122, 160],
        [140, 200],
        [168, 230],
        [278, 160],
        [260, 200],
        [232, 230],
      ],
      9,
      c.accent,
    ),
  towel: (c) =>
    path('M96 120h208') +
    path('M124 120h112v176H124Z', c.main) +
    path('M236 120h44v130h-44Z', c.soft) +
    path('M124 250h112M124 270h112') +
    circle(96, 120, 8, c.accent) +
    circle(304, 120, 8, c.accent),
  bird: (c) =>
    path('M112 196c4-46 42-70 84-62c50 8 72 50 104 50c-20 64-70 96-118 88c-44-6-72-36-70-76Z', c.main) +
    path('M112 188l-30 10l32 16Z', c.accent) +
    path('M190 206c30-18 62-8 66 10c-16 30-62 28-66-10Z', c.paper) +
    circle(150, 178, 7, c.ink) +
    path('M176 272v28M208 270v30'),
  key: (c) =>
    circle(156, 156, 56, c.main) + circle(146, 146, 20, c.paper) + path('M196 196l92 92M262 262l26-26M232 232l22-22'),
  sock: (c) =>
    path('M160 100h76v98c0 16 60 30 60 68c0 26-20 34-44 34h-40c-32 0-52-22-52-56Z', c.main) +
    path('M152 100h92v36h-92Z', c.paper) +
    path('M296 262c-28-6-42 10-44 36', 'none'),
  food: (c) =>
    path('M112 170h176l-16 118a14 14 0 0 1-14 12H142a14 14 0 0 1-14-12Z', c.main) +
    path('M104 170c0-40 40-66 96-66s96 26 96 66Z', c.paper) +
    path('M140 200l8 76M200 200v76M260 200l-8 76') +
    dots(
      [
        [170, 138],
        [206, 128],
        [236, 146],
      ],
      7,
      c.accent,
    ),
  gift: (c) =>
    rect(118, 192, 164, 106, 8, c.main) +
    rect(104, 152, 192, 42, 8, c.soft) +
    path('M184 152h32v146h-32Z', c.accent) +
    path('M200 150c-18-52-76-52-70-16c4 20 44 22 70 16c18-52 76-52 70-16c-4 20-44 22-70 16Z', c.accent),
} satisfies Record<string, Motif>;

export type MotifName = keyof typeof motifs;

/** The first rule of which a word is in the name, or else in the category, decides. */
const rules: readonly [words: RegExp, motif: MotifName][] = [
  [/christmas tree|magic.*tree|fir tree/, 'tree'],
  [/bauble|christmas|xmas|noel|wreath/, 'bauble'],
  [/teapot|tea pot|tea cosy|急須|주전자/, 'teapot'],
  [/hot water|hottie|hand warmer/, 'hotWaterBottle'],
  [/lunch|picnic|snack|도시락|약과|김 /, 'food'],
  [/watering|じょうろ|물뿌리개/, 'wateringCan'],
  [/mug|マグ|머그/, 'mug'],
  [/teacup|\bcups?\b|saucer|tea ?set|\btea\b|coffee|茶碗|湯のみ|茶|차\b|유자차|녹차 티백/, 'teacup'],
  [/cake|muffin|baking|jelly|ケーキ|케이크/, 'cake'],
  [/plate|dish|platter|皿|접시/, 'plate'],
  [/bowl|鉢の器|丼|그릇/, 'bowl'],
  [/cutlery|spoon|fork|knife|수저|箸/, 'cutlery'],
  [/lip|립스틱|립 |틴트/, 'lipstick'],
  [/palette|팔레트|make.?up|파운데이션|쿠션 파운/, 'palette'],
  [/크림|cream\b.*\bml|マスク|마스크|로션|팩$/, 'cream'],
  [/lantern|t-light|tealight|ちょうちん/, 'lantern'],
  [/candle|incense|ろうそく|キャンドル|캔들/, 'candle'],
  [/lamp|\blights?\b|chandelier|ランプ|무드등|조명/, 'lamp'],
  [/clock|watch\b|時計|시계/, 'clock'],
  [/handbag|purse|wallet|crossbody|크로스백|파우치/, 'handbag'],
  [/\bbags?\b|shopper|tote|バッグ|에코백|백팩/, 'bag'],
  [/umbrella|parasol|傘|우산/, 'umbrella'],
  [/notebook|journal|diary|album|sketch ?book|pocket book|ノート|다이어리|노트/, 'notebook'],
  [/pencil|\bpens?\b|crayon|chalk|ruler|펜슬|鉛筆/, 'pencil'],
  [/\bcards?\b|envelope|postcard|notelet|カード|카드|스티커|sticker/, 'card'],
  [/ribbon|wrap|\btape\b|보자기|머플러|scarf/, 'ribbon'],
  [/bunting|garland|party|paper chain|streamer/, 'bunting'],
  [/seed|種|球根|肥料|土 |씨앗/, 'seeds'],
  [/vase|花瓶|一輪挿し|スワッグ|花束|bouquet|プリザーブド/, 'vase'],
  [/flower|rose|blossom|daisy|花|蘭|シクラメン|꽃/, 'flower'],
  [/plant|herb|garden|pot\b|号|鉢|多肉|盆栽|苔玉|グリーン|화분/, 'plant'],
  [/spaceboy|rocket|space |robot|helicopter|glider/, 'rocket'],
  [/block|jigsaw|puzzle|game|domino|ludo|skittles/, 'blocks'],
  [/toy|dolly|doll\b|teddy|bear|bunny|rabbit|child|kids|baby|인형|ぬいぐるみ/, 'bear'],
  [/bird|owl|hen\b|chick|duck|parrot/, 'bird'],
  [/necklace|bracelet|earring|brooch|charm|bead|jewel|목걸이|귀걸이|ring\b/, 'necklace'],
  [/frame|picture|photo|mirror|canvas|poster/, 'frame'],
  [/sign\b|plaque|board|magnet|chalk/, 'sign'],
  [/cushion|pillow|quilt|doormat|\brug\b|throw|blanket/, 'cushion'],
  [/towel|flannel|napkin|apron|タオル|ふきん|手ぬぐい|cloth|tissue/, 'towel'],
  [/sock|slipper|stocking|glove|手袋|양말/, 'sock'],
  [/bottle|soap|perfume|bath|세럼|앰플|토너|샴푸|오일|에센스|디퓨저|클렌|ml/, 'bottle'],
  [/\bjars?\b|jam|sugar|storage/, 'jar'],
  [/\btins?\b|canister|caddy|缶|캔/, 'tin'],
  [/\bbox(es)?\b|chest|drawer|cabinet|case\b|箱/, 'box'],
  [/\bkeys?\b|hook|knob|hanger|はさみ/, 'key'],
  [/heart|love/, 'heart'],
  [/star|decoration|hanging|bell/, 'star'],
];

const categoryRules: readonly [words: RegExp, motif: MotifName][] = [
  [/christmas/, 'bauble'],
  [/kitchen|食器|주방/, 'teacup'],
  [/stationery|문구/, 'notebook'],
  [/toys/, 'bear'],
  [/garden|ガーデニング|花/, 'plant'],
  [/party/, 'bunting'],
  [/뷰티|beauty/, 'bottle'],
  [/식품/, 'food'],
];

/** Which picture fits an item, by the words in its name. */
export function motifOf(name: string, category: string): MotifName {
  const words = name.normalize('NFKC').toLowerCase();
  const found = rules.find(([rule]) => rule.test(words));
  if (found) return found[1];
  const kind = category.normalize('NFKC').toLowerCase();
  return categoryRules.find(([rule]) => rule.test(kind))?.[1] ?? 'gift';
}
