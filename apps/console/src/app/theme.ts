import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** A deep red-orange; shade 7 has 5.9:1 on white and is what carries white text. */
const accent: MantineColorsTuple = [
  '#fff3ee',
  '#ffe3d8',
  '#fdc8b5',
  '#fba98c',
  '#f58a66',
  '#e4623a',
  '#cd471f',
  '#b93815',
  '#962c10',
  '#74220d',
];

const fonts =
  "system-ui, -apple-system, 'Segoe UI', 'Hiragino Sans', 'Yu Gothic UI', Meiryo, 'Apple SD Gothic Neo', 'Malgun Gothic', " +
  "'Noto Sans JP Variable', 'Noto Sans KR Variable', sans-serif";

/** A dialog's `<header>` must not count as the page's banner. */
const noBanner = { header: { role: 'presentation' } };

/** The words beside a radio or a box have the size of the page's text. */
const choiceLabel = { label: { fontSize: 14, lineHeight: 1.4 }, body: { alignItems: 'center' } };

export const theme = createTheme({
  colors: { accent },
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 7 },
  defaultRadius: 6,
  fontFamily: fonts,
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '18px' },
  lineHeights: { xs: '1.5', sm: '1.5', md: '1.5', lg: '1.5', xl: '1.5' },
  headings: {
    fontFamily: fonts,
    fontWeight: '600',
    sizes: { h1: { fontSize: '20px' }, h2: { fontSize: '16px' }, h3: { fontSize: '14px' } },
  },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '20px', xl: '28px' },
  breakpoints: { xs: '30em', sm: '48em', md: '62em', lg: '68.75em', xl: '88em' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Anchor: { defaultProps: { underline: 'always' } },
    Button: { defaultProps: { size: 'sm' } },
    Radio: { defaultProps: { size: 'xs' }, styles: choiceLabel },
    Checkbox: { defaultProps: { size: 'xs' }, styles: choiceLabel },
    Modal: {
      defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.4 }, attributes: noBanner },
      styles: { title: { fontSize: 16, fontWeight: 600 } },
    },
    Drawer: { defaultProps: { attributes: noBanner }, styles: { title: { fontSize: 16, fontWeight: 600 } } },
    Tabs: {
      // On a phone the row of tabs is moved sideways, and is not broken.
      styles: {
        list: { flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' },
        tab: { flex: 'none', paddingInline: 12 },
      },
    },
    Table: { defaultProps: { verticalSpacing: 8, horizontalSpacing: 12 } },
  },
});

/** Greys and reds that keep 4.5:1 for small text, in both schemes. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5a6169',
    '--mantine-color-placeholder': '#6b727a',
    '--mantine-color-error': '#b3201f',
    '--mantine-color-anchor': '#a3310f',
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#1d2126',
    '--cp-line': '#dde1e6',
    '--cp-surface': '#f6f7f9',
    '--cp-ticket': '#fff3ee',
    '--cp-ticket-line': '#c9623f',
    '--cp-accent-text': '#a3310f',
    '--cp-input-line': '#8a929b',
    '--cp-info': '#12569f',
    '--cp-good': '#1b6b38',
    '--cp-warn': '#845000',
    '--cp-bad': '#ab1f1f',
  },
  dark: {
    '--mantine-color-dimmed': '#a7aeb6',
    '--mantine-color-placeholder': '#959da6',
    '--mantine-color-error': '#ff9c92',
    '--mantine-color-anchor': '#fba98c',
    '--mantine-color-body': '#16181b',
    '--mantine-color-text': '#e4e7ea',
    '--cp-line': '#33383e',
    '--cp-surface': '#1d2024',
    '--cp-ticket': '#2b1b15',
    '--cp-ticket-line': '#b0593a',
    '--cp-accent-text': '#fba98c',
    '--cp-input-line': '#6b737c',
    '--cp-info': '#8fc1f5',
    '--cp-good': '#86d29f',
    '--cp-warn': '#efbd6a',
    '--cp-bad': '#ff9c92',
  },
});
