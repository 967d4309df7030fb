import { readFile } from 'node:fs/promises';

let text: Promise<string> | undefined;

/** /proc/cpuinfo; empty where there is none. Read once in a process: the kernel takes 10 ms to tell how fast the cores are just then. */
export function readCpuInfo(): Promise<string> {
  text ??= readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  return text;
}
