import type { TableContent } from './read-jpeg-markers.ts';

/** Codes up to this length are found by one look; longer ones are rare. */
const LOOKUP_BITS = 10;
const LONGEST_CODE = 16;

/** A Huffman table of a JPEG, for reading codes from the next 16 bits of a stream. */
export interface HuffmanTable {
  /** By the first LOOKUP_BITS bits: length of the code times 256, plus its symbol; 0 where the code is longer. */
  lookup: Uint16Array;
  /** By the length of a code: the first code beyond those of that length, as 16 bits that begin with it. */
  beyond: Int32Array;
  /** By the length of a code: what to add to a code for its place among the symbols. */
  offset: Int32Array;
  symbols: Uint8Array;
}

/**
 * Builds a table from the content of a DHT segment: 16 counts of codes by length, and the symbols in the order of their
 * codes. Source: ITU T.81, annex C.
 */
export function createHuffmanTable({ counts, symbols }: TableContent): HuffmanTable {
  const lookup = new Uint16Array(1 << LOOKUP_BITS);
  const beyond = new Int32Array(LONGEST_CODE + 1);
  const offset = new Int32Array(LONGEST_CODE + 1);
  let code = 0;
  let place = 0;
  for (let length = 1; length <= LONGEST_CODE; length++) {
    offset[length] = place - code;
    for (let left = counts[length - 1] ?? 0; left > 0; left--, code++, place++) {
      if (length > LOOKUP_BITS) continue;
      const first = code << (LOOKUP_BITS - length);
      lookup.fill((length << 8) | (symbols[place] ?? 0), first, first + (1 << (LOOKUP_BITS - length)));
    }
    beyond[length] = code << (LONGEST_CODE - length);
    code <<= 1;
  }
  return { lookup, beyond, offset, symbols };
}

/**
 * Finds the code that the next 16 bits begin with: its length times 256, plus its symbol; 0 where no code of the table
 * does.
 */
export function findCode(table: HuffmanTable, next16: number): number {
  const entry = table.lookup[next16 >>> (LONGEST_CODE - LOOKUP_BITS)]!;
  return entry === 0 ? findLongCode(table, next16) : entry;
}

function findLongCode({ beyond, offset, symbols }: HuffmanTable, next16: number): number {
  for (let length = LOOKUP_BITS + 1; length <= LONGEST_CODE; length++) {
    if (next16 < beyond[length]!) {
      const symbol = symbols[(next16 >>> (LONGEST_CODE - length)) + offset[length]!];
      return symbol === undefined ? 0 : (length << 8) | symbol;
    }
  }
  return 0;
}
