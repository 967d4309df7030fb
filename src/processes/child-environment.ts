import process from 'node:process';
import { pageFaultMicroseconds } from './page-fault-cost.ts';

/** Far from the values of both kinds of machines: page-fault-cost.ts. */
const DEAR_PAGE_MICROSECONDS = 5;

/**
 * The environment of a child process: the variables that it needs, and settings of its memory allocator. It decodes
 * hostile bytes, so it gets no secrets of the server.
 *
 * @param endsSoon whether freed memory is kept for reuse, which saves page faults, instead of being returned
 */
export function childEnvironment({ endsSoon }: { endsSoon: boolean }): NodeJS.ProcessEnv {
  const passed =
    /^(PATH|HOME|USERPROFILE|TMPDIR|TEMP|TMP|TZ|LANG|LC_ALL|SYSTEMROOT|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH)$/i;
  const environment = Object.entries(process.env).filter(([name]) => passed.test(name));
  return {
    ...Object.fromEntries(environment),
    ORT_DISABLE_TELEMETRY: '1',
    // Two heaps for all threads of image decoding and inference, fewer than glibc's default
    // (docs/decisions/0033-return-memory.md).
    MALLOC_ARENA_MAX: '2',
    ...(endsSoon ? KEEP_MEMORY : giveBackMemory()),
    ...(hasDearPages() && { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' }),
  };
}

/** The first is the maximum that glibc allows. */
const KEEP_MEMORY = { MALLOC_MMAP_THRESHOLD_: '33554432', MALLOC_TRIM_THRESHOLD_: '1000000000' };

/**
 * Blocks of pixels are returned to the system when they are freed; logits, which are smaller, are not. Where page
 * faults are slow, only the largest blocks are (docs/decisions/0033-return-memory.md).
 */
const giveBackMemory = () => ({
  MALLOC_MMAP_THRESHOLD_: hasDearPages() ? '4000000' : '1100000',
  MALLOC_TRIM_THRESHOLD_: '4000000',
});

let dearPages: boolean | undefined;

/**
 * Whether huge pages of 2 MB pay off, if the system has them. Where page faults are slow, they shorten a cold start;
 * where they are fast, clearing such pages takes longer than it saves (docs/decisions/0034-large-pages.md).
 */
function hasDearPages(): boolean {
  dearPages ??= pageFaultMicroseconds() > DEAR_PAGE_MICROSECONDS;
  return dearPages;
}
