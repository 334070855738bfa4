import { describe, expect, it } from 'vitest';
import { shownHtml } from './rules.ts';

const html = `<meta name="color-scheme" content="light dark"><style>:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (max-width:479px){.big{font-size:40px}}
@media (prefers-color-scheme:dark){.ink{color:#eee}}</style>
<p>light dark &lt;img src=&quot;x&quot;&gt;</p>
<img class="tile" src="https://shop.example/1.png" width="268" alt="A > B src=x" style="display:block">
<img alt="bag" src="https://shop.example/2.png?a=1&amp;b=2">`;

describe('an e-mail in the preview', () => {
  it('is light in a light program, also where this browser is dark', () => {
    const shown = shownHtml(html, { images: true, dark: false });
    expect(shown).toContain('@media not all{.ink');
    expect(shown).toContain('content="light"');
    expect(shown).toContain(':root{color-scheme:light;supported-color-schemes:light}');
    expect(shown).toContain('<p>light dark');
  });
  it('is dark in a dark program, also where this browser is light', () => {
    const shown = shownHtml(html, { images: true, dark: true });
    expect(shown).toContain('@media all{.ink');
    expect(shown).toContain('content="dark"');
    expect(shown).toContain('@media (max-width:479px)');
  });
  it('keeps the texts of pictures that are not loaded, and nothing of where they are', () => {
    const shown = shownHtml(html, { images: false, dark: false });
    expect(shown).not.toContain('https://shop.example');
    expect(shown).toContain('alt="A > B src=x"');
    expect(shown).toContain('<img alt="bag">');
    expect(shown).toContain('&lt;img src=&quot;x&quot;&gt;');
  });
});
