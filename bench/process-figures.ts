import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second, whatever the kernel does. */
const ticksPerSecond = 100;

/** Processor seconds of a process until now, with those of its children that have ended; 0 where there is no /proc. */
export function cpuSeconds(pid: number): number {
  const fields = statOf(pid);
  return fields === undefined
    ? 0
    : fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / ticksPerSecond;
}

/** The same of a process and all its children: of a PostgreSQL server, given its first process. */
export function cpuSecondsOfFamily(pid: number): number {
  const family = pids().filter((one) => one === pid || Number(statOf(one)?.[1]) === pid);
  return family.reduce((sum, one) => sum + cpuSeconds(one), 0);
}

/** The most memory that a process has had, MB; 0 where there is no /proc. */
export function peakRssMb(pid: number): number {
  const kilobytes = /VmHWM:\s+(\d+) kB/.exec(read(`/proc/${pid}/status`) ?? '')?.[1];
  return Math.round(Number(kilobytes ?? 0) / 1024);
}

/** What else the machine was doing: tasks that wanted a processor, over the last minute. */
export function loadAverage(): number {
  return Number(read('/proc/loadavg')?.split(' ')[0] ?? 0);
}

/** The fields of /proc/<pid>/stat from the state on. */
function statOf(pid: number): string[] | undefined {
  return read(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ');
}

function pids(): number[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
