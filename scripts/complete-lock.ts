/**
 * Completes package-lock.json after "npm install". Tools that come as one package per platform list all of them as
 * optional; a registry mirror that lacks some makes npm leave them out of the lock, and "npm ci" then refuses it. They
 * are added by name and version, so that the lock is whole for every machine; without a checksum, which only a registry
 * that has them could give.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface Locked {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  cpu?: string[];
  os?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

const file = fileURLToPath(new URL('../package-lock.json', import.meta.url));

const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64'];

/** What machine a package such as `@biomejs/cli-linux-x64-musl` is for; undefined when its name does not say. */
function platformOf(name: string): Pick<Locked, 'cpu' | 'os' | 'libc'> | undefined {
  const words = name.split(/[-/]/);
  const os = systems.find((system) => words.includes(system));
  const cpu = processors.find((processor) => words.includes(processor));
  if (os === undefined || cpu === undefined) return undefined;
  const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') ? ['glibc'] : undefined;
  return { cpu: [cpu], os: [os], ...(libc === undefined ? {} : { libc }) };
}

const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Locked> };
const added: string[] = [];
for (const { dev, optionalDependencies = {} } of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const platform = platformOf(name);
    const path = `node_modules/${name}`;
    if (platform === undefined || path in lock.packages || !/^\d/.test(version)) continue;
    lock.packages[path] = { version, ...platform, ...(dev ? { dev } : {}), optional: true };
    added.push(`${name}@${version}`);
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(added.length === 0 ? 'The lock is complete.\n' : `Added ${added.join(', ')}\n`);
