import { expect, it } from 'vitest';
import { pageFaultMicroseconds } from '../../src/processes/page-fault-cost.ts';

it('is the time of one of the faults that it causes, each time', () => {
  for (let time = 0; time < 3; time++) {
    const faultsBefore = process.resourceUsage().minorPageFault;
    const started = performance.now();
    const microseconds = pageFaultMicroseconds();
    const elapsed = 1000 * (performance.now() - started);
    // Pages that were touched before would cause none. Some systems hand out more than a page at a time.
    const faults = process.resourceUsage().minorPageFault - faultsBefore;
    expect(faults).toBeGreaterThan(0);
    expect(microseconds).toBeGreaterThan(0);
    // The least of several batches of 16 pages each, none of which took longer than all.
    expect(16 * microseconds).toBeLessThan(elapsed);
  }
});
