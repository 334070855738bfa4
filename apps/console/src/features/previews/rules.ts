/** How a reader's mail program shows an e-mail. */
export interface EmailView {
  /** False: as programs do that load no pictures before they are asked to. */
  images: boolean;
  dark: boolean;
}

const darkQuery = '@media (prefers-color-scheme:dark)';

/**
 * The e-mail as such a program would show it, whatever appearance this browser has. Names and texts are escaped in it, so
 * a quoted attribute is what it looks like.
 */
export function shownHtml(html: string, { images, dark }: EmailView): string {
  const scheme = dark ? 'dark' : 'light';
  const coloured = html
    .replaceAll(darkQuery, dark ? '@media all' : '@media not all')
    .replaceAll('content="light dark"', `content="${scheme}"`)
    .replace(/(color-schemes?):light dark/g, `$1:${scheme}`);
  return images ? coloured : coloured.replace(/(<img\b(?:[^">]|"[^"]*")*?)\ssrc="[^"]*"/g, '$1');
}
