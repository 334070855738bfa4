import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export interface Chromium {
  executablePath: string;
  /** What it needs of its environment, on top of ours. */
  env: Record<string, string>;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const HOW_TO_BRING_ONE =
  'Set E2E_FULL_CHROMIUM=1, and CHROMIUM to the path of a Chromium of this machine (default /usr/bin/chromium).';

/**
 * A Chromium that needs nothing but npm: the headless shell of @sparticuz/chromium, inflated once per version, together with
 * the few libraries and the font it needs where the machine has none. With E2E_FULL_CHROMIUM, one found on the machine.
 * @throws when there is none for this platform, or it does not run
 */
export function findChromium(env: NodeJS.ProcessEnv): Chromium {
  if (env.E2E_FULL_CHROMIUM) {
    const executablePath = env.CHROMIUM ?? '/usr/bin/chromium';
    if (!existsSync(executablePath)) throw new Error(`There is no Chromium at ${executablePath}. ${HOW_TO_BRING_ONE}`);
    return { executablePath, env: {} };
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`npm brings no Chromium for ${process.platform} on ${process.arch}. ${HOW_TO_BRING_ONE}`);
  }
  const folder = inflateOnce();
  const executablePath = join(folder, 'chromium');
  const libraries = { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') };
  // The machine's own libraries come first: they fit its C library.
  const needed = [{}, libraries].find((extra) => runs(executablePath, extra));
  if (!needed) throw new Error(`The Chromium out of npm does not run on this machine. ${HOW_TO_BRING_ONE}`);
  const fonts = existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_FILE: join(folder, 'fonts.conf') };
  return { executablePath, env: { ...needed, ...fonts } };
}

/** A full Chromium of this machine, which unlike a headless shell grants notifications; undefined where there is none. */
export function findFullChromium(env: NodeJS.ProcessEnv): string | undefined {
  return [env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => path && existsSync(path));
}

/** Into node_modules/.cache, by way of a folder beside it: a run that is killed leaves no half of a browser to be used. */
function inflateOnce(): string {
  const require = createRequire(import.meta.url);
  const entry = require.resolve('@sparticuz/chromium');
  const { version } = JSON.parse(readFileSync(join(packageOf(entry), 'package.json'), 'utf8')) as { version: string };
  const folder = join(ROOT, 'node_modules', '.cache', `chromium-${version}`);
  if (existsSync(join(folder, 'chromium'))) return folder;
  const building = `${folder}.new-${process.pid}`;
  mkdirSync(building, { recursive: true });
  try {
    // A process of its own, because the package unpacks into the folder for temporary files, and unpacks its libraries
    // only where this variable says that it runs on Amazon's.
    const script = `const { default: chromium } = await import(${JSON.stringify(pathToFileURL(entry).href)});
      await (chromium.default ?? chromium).executablePath();`;
    execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
      env: { ...process.env, TMPDIR: building, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    writeFileSync(join(building, 'fonts.conf'), fontSettings(folder));
    if (!existsSync(join(folder, 'chromium'))) renameSync(building, folder);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return folder;
}

function packageOf(file: string): string {
  let folder = dirname(file);
  while (!existsSync(join(folder, 'bin', 'chromium.br'))) {
    if (folder === dirname(folder)) throw new Error('@sparticuz/chromium has no bin/chromium.br; run "npm ci" again');
    folder = dirname(folder);
  }
  return folder;
}

function fontSettings(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>${join(folder, 'fonts')}</dir>
  <cachedir>${join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`;
}

function runs(executablePath: string, env: Record<string, string>): boolean {
  try {
    execFileSync(executablePath, ['--version'], { env: { ...process.env, ...env }, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
