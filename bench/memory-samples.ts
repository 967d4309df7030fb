import { type ProcessMemory, totalMegabytes } from './processes.ts';
import type { Row } from './row.ts';
import { quantile } from './statistics.ts';

/** The processes of a server at one moment of a long run. */
export type MemorySample = ProcessMemory[];

/** Most that the last fifth of a run may take, as a multiple of its second fifth. */
const MOST_GROWTH = 1.1;
const FIFTHS = 5;

/**
 * Memory at the start, the middle and the end of a run, each the median of a fifth of the samples, and whether it was
 * flat: the last fifth against the second, since in the first caches fill and allocators reach their level. Engine
 * processes must have lived throughout: a replaced one starts small and would hide a leak.
 *
 * @param samples at least five, evenly spaced
 */
export function describeMemory(samples: MemorySample[]): Row[] {
  const engineOf = (sample: MemorySample) => sample.filter(({ isEngine }) => isEngine);
  const enginePids = new Set(samples.flatMap((sample) => engineOf(sample).map(({ pid }) => pid)));
  const names = new Set(samples.flatMap((sample) => engineOf(sample).map(({ name }) => name)));
  return [
    ...stages('whole server', samples.map(totalMegabytes)),
    ...stages(
      'engine processes',
      samples.map((sample) => totalMegabytes(engineOf(sample))),
    ),
    { name: 'engine processes replaced', measured: enginePids.size - names.size, target: { atMost: 0 } },
  ];
}

function stages(what: string, megabytes: number[]): Row[] {
  const fifth = (index: number) => {
    const bounds = [index, index + 1].map((edge) => Math.round((edge * megabytes.length) / FIFTHS));
    return quantile(megabytes.slice(...bounds));
  };
  const [start, settled, middle, , end] = Array.from({ length: FIFTHS }, (_, index) => fifth(index)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return [
    { name: `${what}, start`, measured: start, unit: 'MB' },
    { name: `${what}, middle`, measured: middle, unit: 'MB' },
    { name: `${what}, end`, measured: end, unit: 'MB' },
    { name: `${what}, highest sample`, measured: Math.max(...megabytes), unit: 'MB' },
    { name: `${what}, last fifth to second fifth`, measured: end / settled, target: { atMost: MOST_GROWTH } },
  ];
}
