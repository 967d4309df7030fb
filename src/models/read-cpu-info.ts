import { readFile } from 'node:fs/promises';

let text: Promise<string> | undefined;

/** /proc/cpuinfo; empty where there is none. Read once in a process: the kernel measures the cores' clocks for it, which takes a while. */
export function readCpuInfo(): Promise<string> {
  text ??= readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  return text;
}
