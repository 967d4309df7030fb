const PAGE_BYTES = 4096;
const PAGES = 16;
const BATCHES = 8;
/** More than any allocator keeps of what was freed (glibc: 32 MB), so that nobody has touched these pages yet. Few of them are. */
const ALLOCATED_BYTES = 40_000_000;

/**
 * Microseconds that the first touch of a page of memory takes on this machine: under 1 on most, over 10 on virtual machines whose
 * processor does not keep their page tables. The least of some batches, since whatever else runs adds to the others.
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
