import process from 'node:process';
import { pageFaultMicroseconds } from './page-fault-cost.ts';

/** Far from both kinds of machines: page-fault-cost.ts. */
const DEAR_PAGE_MICROSECONDS = 5;

/**
 * What a child needs of the environment, and how it is to handle memory. It decodes hostile bytes, so it is given no secrets of the
 * server.
 *
 * @param endsSoon keeps what it frees for what it needs next: pages are taken once, not time and again
 */
export function childEnvironment({ endsSoon }: { endsSoon: boolean }): NodeJS.ProcessEnv {
  const passed =
    /^(PATH|HOME|USERPROFILE|TMPDIR|TEMP|TMP|TZ|LANG|LC_ALL|SYSTEMROOT|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH)$/i;
  const environment = Object.entries(process.env).filter(([name]) => passed.test(name));
  return {
    ...Object.fromEntries(environment),
    ORT_DISABLE_TELEMETRY: '1',
    // Two heaps for all threads of image decoding and inference, fewer than glibc's default (docs/decisions/0033-return-memory.md).
    MALLOC_ARENA_MAX: '2',
    ...(endsSoon ? KEEP_MEMORY : giveBackMemory()),
    ...(hasDearPages() && { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' }),
  };
}

/** The most that glibc allows for the first. */
const KEEP_MEMORY = { MALLOC_MMAP_THRESHOLD_: '33554432', MALLOC_TRIM_THRESHOLD_: '1000000000' };

/**
 * Blocks of pixels go back to the system when they are freed; logits, which are smaller, do not. Where page faults are slow, only the
 * largest blocks do (docs/decisions/0033-return-memory.md).
 */
const giveBackMemory = () => ({
  MALLOC_MMAP_THRESHOLD_: hasDearPages() ? '4000000' : '1100000',
  MALLOC_TRIM_THRESHOLD_: '4000000',
});

let dearPages: boolean | undefined;

/**
 * Whether memory is better taken 2 MB at a time, where the system has such pages. Where page faults are slow a cold start is shorter for
 * it; where they are fast, such pages take longer to be cleared than they save (docs/decisions/0034-large-pages.md).
 */
function hasDearPages(): boolean {
  dearPages ??= pageFaultMicroseconds() > DEAR_PAGE_MICROSECONDS;
  return dearPages;
}
