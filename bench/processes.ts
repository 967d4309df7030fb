import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Memory of a process at one moment. */
export interface ProcessMemory {
  pid: number;
  /** `server`, or what the engine calls its child: `encoder`, `decoder`, … */
  name: string;
  isEngine: boolean;
  /** Resident memory in MB (10^6 bytes). Pages that processes share count in each. */
  megabytes: number;
}

/** Why memory cannot be measured here; `undefined` where it can. */
export const noMemoryFigures: string | undefined = existsSync('/proc/self/status')
  ? undefined
  : 'no /proc on this system';

/** A process and its descendants, from /proc; empty if it does not exist. */
export function processTree(root: number): ProcessMemory[] {
  if (noMemoryFigures !== undefined) return [];
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(Number(name))]),
  );
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === root || isBelow(parents.get(pid)));
  return [...parents.keys()].filter(isBelow).map((pid) => {
    const child = /engine\/([\w-]+)-child\.[jt]s/.exec(readProc(pid, 'cmdline'))?.[1];
    return { pid, name: child ?? 'server', isEngine: child !== undefined, megabytes: residentMegabytes(pid) };
  });
}

export function totalMegabytes(processes: ProcessMemory[]): number {
  return processes.reduce((sum, { megabytes }) => sum + megabytes, 0);
}

/** Resident memory of one process in MB. A process that has ended has none. */
export function residentMegabytes(pid: number): number {
  return (Number(/VmRSS:\s+(\d+) kB/.exec(readProc(pid, 'status'))?.[1] ?? 0) * 1024) / 1e6;
}

/** Id of the parent: the fourth field of `stat`, after a name in brackets that may contain anything. */
function parentOf(pid: number): number | undefined {
  const fields = readProc(pid, 'stat')
    .replace(/^.*\) /s, '')
    .split(' ');
  return fields.length > 1 ? Number(fields[1]) : undefined;
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
