import type { BitSegment } from './bit-segment.ts';
import { findCode, type HuffmanTable } from './huffman-table.ts';

/** A block of 8 x 8 samples in the unit that a scan repeats. */
export interface UnitBlock {
  /** Which of the scan's components it belongs to, from 0. */
  component: number;
  dc: HuffmanTable;
  ac: HuffmanTable;
  /** Greatest DC value of an intact image; what is beyond it comes of data that were not read from their beginning. */
  greatestDc: number;
}

/** How far the data of a segment go. */
export interface UnitCount {
  /** Units that are there in full. */
  units: number;
  /** Bits that they take. */
  bits: number;
}

/** Which coefficients of each block of a component are not zero so far: two words of 32 bits a block. */
export type NonZeros = Uint32Array;

/** The 16 bits from a place in the data. */
const bitsAt = (bytes: Uint8Array, bit: number): number => {
  const at = bit >>> 3;
  return (((bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!) >>> (8 - (bit & 7))) & 0xffff;
};

/**
 * Counts the units of a sequential scan, or with `dcOnly` of the first DC scan of a progressive image, without decoding
 * a pixel: it stops at the end of the data, and where they cannot be what an encoder wrote.
 */
export function countSequential(
  { bytes, length }: BitSegment,
  most: number,
  unit: readonly UnitBlock[],
  dcOnly = false,
): UnitCount {
  const limit = length * 8;
  const values = new Int32Array(4);
  let bit = 0;
  let bits = 0;
  for (let units = 0; units < most; units++) {
    for (const { component, dc, ac, greatestDc } of unit) {
      const code = findCode(dc, bitsAt(bytes, bit));
      if (code === 0) return { units, bits };
      bit += code >>> 8;
      const size = code & 15;
      if (size > 0) {
        const value = bitsAt(bytes, bit) >>> (16 - size);
        const moved = values[component]! + (value < 1 << (size - 1) ? value - (1 << size) + 1 : value);
        if (moved > greatestDc || moved < -greatestDc) return { units, bits };
        values[component] = moved;
        bit += size;
      }
      if (dcOnly) continue;
      let place = 1;
      while (place < 64) {
        const entry = findCode(ac, bitsAt(bytes, bit));
        if (entry === 0) return { units, bits };
        const symbol = entry & 0xff;
        bit += (entry >>> 8) + (symbol & 15);
        place += (symbol >>> 4) + 1;
        if ((symbol & 15) === 0 && symbol !== 0xf0) break;
        if (place > 64) return { units, bits };
      }
      if (bit > limit) return { units, bits };
    }
    if (bit > limit) return { units, bits };
    bits = bit;
  }
  return { units: most, bits };
}

/** The part of the spectrum that a progressive AC scan has, and its table. */
export interface AcScan {
  first: number;
  last: number;
  ac: HuffmanTable;
}

/** Counts the blocks of a first AC scan, and notes in `nonZeros`, from block `from` on, the coefficients it brings. */
export function countAcFirst(
  { bytes, length }: BitSegment,
  most: number,
  { first, last, ac }: AcScan,
  nonZeros: NonZeros,
  from: number,
): UnitCount {
  const limit = length * 8;
  let bit = 0;
  let empty = 0;
  for (let units = 0; units < most; units++) {
    if (empty > 0) {
      empty--;
      continue;
    }
    const bits = bit;
    const word = 2 * (from + units);
    for (let place = first; place <= last; ) {
      const entry = findCode(ac, bitsAt(bytes, bit));
      if (entry === 0) return { units, bits };
      bit += entry >>> 8;
      const run = (entry & 0xff) >>> 4;
      const size = entry & 15;
      if (size > 0) {
        place += run;
        if (place > last) return { units, bits };
        nonZeros[word + (place >>> 5)]! |= 1 << (place & 31);
        bit += size;
        place++;
      } else if (run === 15) {
        place += 16;
      } else {
        empty = (1 << run) - 1 + readBits(bytes, bit, run);
        bit += run;
        break;
      }
    }
    if (bit > limit) return { units, bits };
  }
  return { units: most, bits: bit };
}

/** Counts the blocks of an AC scan that adds a bit to coefficients, and new ones of the smallest size. */
export function countAcRefining(
  { bytes, length }: BitSegment,
  most: number,
  { first, last, ac }: AcScan,
  nonZeros: NonZeros,
  from: number,
): UnitCount {
  const limit = length * 8;
  let bit = 0;
  let empty = 0;
  for (let units = 0; units < most; units++) {
    const bits = bit;
    const word = 2 * (from + units);
    let place = first;
    while (empty === 0 && place <= last) {
      const entry = findCode(ac, bitsAt(bytes, bit));
      if (entry === 0) return { units, bits };
      bit += entry >>> 8;
      let run = (entry & 0xff) >>> 4;
      const isNew = (entry & 15) > 0;
      if (isNew) bit++;
      else if (run < 15) {
        empty = (1 << run) + readBits(bytes, bit, run);
        bit += run;
        break;
      }
      for (; place <= last; place++) {
        if ((nonZeros[word + (place >>> 5)]! >>> (place & 31)) & 1) bit++;
        else if (--run < 0) break;
      }
      if (isNew && place <= last) nonZeros[word + (place >>> 5)]! |= 1 << (place & 31);
      place++;
    }
    if (empty > 0) {
      bit += countSet(nonZeros[word]!, place, Math.min(31, last));
      bit += countSet(nonZeros[word + 1]!, Math.max(place, 32) - 32, last - 32);
      empty--;
    }
    if (bit > limit) return { units, bits };
  }
  return { units: most, bits: bit };
}

const readBits = (bytes: Uint8Array, bit: number, count: number): number =>
  count === 0 ? 0 : bitsAt(bytes, bit) >>> (16 - count);

/** Bits of a word that are set, from one place to another. */
function countSet(word: number, from: number, to: number): number {
  if (from > to || from > 31) return 0;
  let left = word & (-1 << from) & (to >= 31 ? -1 : (1 << (to + 1)) - 1);
  let count = 0;
  for (; left !== 0; left &= left - 1) count++;
  return count;
}
