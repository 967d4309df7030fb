const PAGE_BYTES = 4096;
const PAGES = 16;
const BATCHES = 8;
/**
 * More than any allocator keeps of freed memory (glibc: 32 MB), so these pages are untouched. Few of them are touched
 * here.
 */
const ALLOCATED_BYTES = 40_000_000;

/**
 * Measures how many microseconds the first touch of a page of memory takes on this machine: under 1 on most, over 10 on
 * virtual machines whose processor does not keep their page tables. The minimum of some batches, since other load only
 * adds to the time.
 */
export function pageFaultMicroseconds(): number {
  const memory = Buffer.allocUnsafeSlow(ALLOCATED_BYTES);
  const touched = Array.from({ length: BATCHES }, (_, batch) => {
    const started = performance.now();
    for (let page = 0; page < PAGES; page++) memory[(batch * PAGES + page) * PAGE_BYTES] = 1;
    return (1000 * (performance.now() - started)) / PAGES;
  });
  return Math.min(...touched);
}
