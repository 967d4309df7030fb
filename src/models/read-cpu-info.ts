import { readFile } from 'node:fs/promises';

let text: Promise<string> | undefined;

/**
 * Content of /proc/cpuinfo; empty on systems without it. Read once per process: the kernel measures the clock of every
 * core for it, which takes a while.
 */
export function readCpuInfo(): Promise<string> {
  text ??= readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  return text;
}
