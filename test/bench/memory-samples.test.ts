import { describe, expect, it } from 'vitest';
import { describeMemory, type MemorySample } from '../../bench/memory-samples.ts';
import { exitCodeFor } from '../../bench/row.ts';

/** A server of 300 MB and an encoder that follows the function of the sample's index. */
function run(megabytesAt: (index: number) => number, pidAt: (index: number) => number = () => 2): MemorySample[] {
  return Array.from({ length: 50 }, (_, index) => [
    { pid: 1, name: 'server', isEngine: false, megabytes: 300 },
    { pid: pidAt(index), name: 'encoder', isEngine: true, megabytes: megabytesAt(index) },
  ]);
}
const measured = (samples: MemorySample[]) =>
  Object.fromEntries(describeMemory(samples).map((row) => [`${row.name}${row.note ?? ''}`, row.measured]));

describe('memory over a run', () => {
  it('is shown at the start, the middle and the end', () => {
    expect(measured(run((index) => 100 + index))).toMatchObject({
      'engine processes, start': 105,
      'engine processes, middle': 125,
      'engine processes, end': 145,
      'engine processes, highest sample': 149,
      'whole server, end': 445,
    });
  });

  it('may grow in the first fifth, and have peaks', () => {
    expect(exitCodeFor(describeMemory(run((index) => (index < 10 ? 50 : index % 10 === 0 ? 900 : 200))))).toBe(0);
  });

  it('is not flat when it grows on by more than a tenth, in the engine alone too', () => {
    const samples = run((index) => 100 + index);
    expect(measured(samples)['engine processes, last fifth to second fifth']).toBeCloseTo(145 / 115);
    expect(exitCodeFor(describeMemory(samples))).toBe(1);
  });

  it('is not flat thanks to an engine process that was replaced', () => {
    const samples = run(
      () => 200,
      (index) => (index < 25 ? 2 : 3),
    );
    expect(measured(samples)['engine processes replaced']).toBe(1);
    expect(exitCodeFor(describeMemory(samples))).toBe(1);
  });
});
