import type { ImportBytes, ImportCounts } from './service.ts';

export interface Terminal {
  out: (text: string) => unknown;
  /** A terminal that a line can be drawn over again on; otherwise a line is printed now and then. */
  interactive: boolean;
  columns: number;
}

const drawEveryMs = 100;
const printEveryMs = 5_000;

/** Shows how far an import is. */
export class ProgressBar {
  private readonly terminal: Terminal;
  private readonly started = performance.now();
  private shown = performance.now();
  private drawn = false;

  constructor(terminal: Terminal) {
    this.terminal = terminal;
  }

  readonly update = (progress: ImportCounts & ImportBytes): void => {
    const now = performance.now();
    if (now - this.shown < (this.terminal.interactive ? drawEveryMs : printEveryMs)) return;
    this.shown = now;
    const line = progressLine(progress, (now - this.started) / 1_000, this.terminal.columns);
    this.drawn = this.terminal.interactive;
    this.terminal.out(this.terminal.interactive ? `\r${line}\x1b[K` : `${line}\n`);
  };

  /** Clears the bar away. */
  readonly end = (): void => {
    if (this.drawn) this.terminal.out('\r\x1b[K');
    this.drawn = false;
  };
}

/** ` 42% [=======>          ] 420,000 rows, 98,000 a second, 3 rejected`, no longer than the terminal is wide. */
export function progressLine(progress: ImportCounts & ImportBytes, seconds: number, columns: number): string {
  const { read, rejected, bytes, totalBytes } = progress;
  const perSecond = seconds > 0 ? Math.round(read / seconds) : 0;
  const numbers =
    `${read.toLocaleString('en')} rows, ${perSecond.toLocaleString('en')} a second` +
    (rejected > 0 ? `, ${rejected.toLocaleString('en')} rejected` : '');
  if (totalBytes === undefined || totalBytes === 0) return numbers.slice(0, columns - 1);
  const share = Math.min(1, bytes / totalBytes);
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  const width = Math.min(30, columns - percent.length - numbers.length - 6);
  if (width < 5) return `${percent} ${numbers}`.slice(0, columns - 1);
  const filled = Math.round(share * width);
  const bar = '='.repeat(Math.max(0, filled - 1)) + (filled > 0 ? '>' : '') + ' '.repeat(width - filled);
  return `${percent} [${bar}] ${numbers}`;
}
