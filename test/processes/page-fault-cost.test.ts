import { expect, it } from 'vitest';
import { pageFaultMicroseconds } from '../../src/processes/page-fault-cost.ts';

it('is measured on pages that nobody has touched yet, each time', () => {
  for (let time = 0; time < 3; time++) {
    const faultsBefore = process.resourceUsage().minorPageFault;
    const microseconds = pageFaultMicroseconds();
    // Fewer where the system hands out more than a page at a time.
    expect(process.resourceUsage().minorPageFault - faultsBefore).toBeGreaterThan(0);
    expect(microseconds).toBeGreaterThan(0);
    expect(microseconds).toBeLessThan(1000);
  }
});
