import { type BitSegment, readSegment } from './bit-segment.ts';
import {
  countAcFirst,
  countAcRefining,
  countSequential,
  type NonZeros,
  type UnitBlock,
  type UnitCount,
} from './count-units.ts';
import { createHuffmanTable, type HuffmanTable } from './huffman-table.ts';
import type { JpegComponent, JpegFrame, JpegScan, JpegState, TableContent } from './read-jpeg-markers.ts';

/** How much of a scan is there. */
export interface ScanCoverage {
  units: number;
  missing: number;
  /** Place in the file of the marker behind its data. */
  end: number;
}

/** Which coefficients of a progressive image are not zero so far. */
export type History = Map<JpegComponent, NonZeros>;

/** Counts units of the scan from that one on, of which there are at most so many in the segment. */
type Count = (segment: BitSegment, most: number, from: number) => UnitCount;

/** Most bytes between the data and a marker that some cameras leave there. */
const STRAY_BYTES = 64;
/** Equal bytes in a row that hold the place of data which were lost. */
const FILLED_BYTES = 64;
/** A DC value is at most 2^bits / 2 times 8 by its quantisation; rounding needs far less than this much more. */
const DC_SLACK = 4;
const RST0 = 0xd0;

/** @returns undefined for a scan that lacks what it takes to read it */
export function measureScan(
  file: Uint8Array,
  scan: JpegScan,
  state: JpegState,
  frame: JpegFrame,
  history: History,
): ScanCoverage | undefined {
  const count = createCount(scan, state, frame, history);
  if (!count) return undefined;
  const units = unitsOf(scan, frame);
  const interval = state.restartInterval || units;
  const intervals = Math.ceil(units / interval);
  let missing = 0;
  let place = 0;
  let segment: BitSegment | undefined;
  for (let at = scan.dataStart; ; at = segment.end + 2) {
    segment = readSegment(file, at, segment?.bytes);
    const from = place * interval;
    if (place < intervals) missing += countMissing(count, segment, Math.min(interval, units - from), from);
    place++;
    const marker = file[segment.end + 1] ?? 0;
    if ((marker & 0xf8) !== RST0) break;
    // A number that is not the next one: intervals in between were lost, or this one stands here twice.
    const skipped = (marker - RST0 - (place - 1)) & 7;
    if (skipped === 0) continue;
    if (skipped > 4) place--;
    else {
      missing += interval * skipped;
      place += skipped;
    }
  }
  missing += Math.max(0, intervals - place) * interval;
  return { units, missing: Math.min(units, missing), end: segment.end };
}

/** A scan of one component has only the blocks with pixels; one of several repeats a unit with blocks of each. */
export function unitsOf({ components: [first, ...others] }: JpegScan, frame: JpegFrame): number {
  if (first && others.length === 0) return first.component.blocksAcross * first.component.blocksDown;
  return frame.unitsAcross * frame.unitsDown;
}

/** Units of a segment that are missing: those behind its end, and all behind a place where data were lost. */
function countMissing(count: Count, segment: BitSegment, units: number, from: number): number {
  const found = count(segment, units, from);
  const dataBytes = Math.ceil(found.bits / 8);
  const isWhole = found.units === units && endsThere(segment, found.bits);
  if (isWhole) return 0;
  const filled = findFilling(segment);
  if (filled === undefined) return Math.max(1, units - found.units);
  // Whole data with a filling behind them.
  if (found.units === units && filled >= dataBytes - 1) return 0;
  const before = count({ ...segment, length: filled }, units, from);
  return Math.max(1, units - before.units);
}

/** Whether data that were read to that bit are what an encoder wrote, with no more behind them than cameras leave. */
function endsThere({ bytes, length }: BitSegment, bits: number): boolean {
  const dataBytes = Math.ceil(bits / 8);
  const stray = length - dataBytes;
  if (stray <= 0) return true;
  const padding = (bytes[dataBytes - 1] ?? 0) & ((1 << (dataBytes * 8 - bits)) - 1);
  return stray <= STRAY_BYTES && (padding === 0 || padding === (1 << (dataBytes * 8 - bits)) - 1);
}

/** Where the first long run of equal bytes begins. */
function findFilling({ bytes, length }: BitSegment): number | undefined {
  let start = 0;
  for (let at = 1; at <= length; at++) {
    if (at < length && bytes[at] === bytes[start]) continue;
    if (at - start >= FILLED_BYTES) return start;
    start = at;
  }
  return undefined;
}

function createCount(scan: JpegScan, state: JpegState, frame: JpegFrame, history: History): Count | undefined {
  const { first, last, refines } = scan;
  if (!frame.isProgressive || first === 0) {
    const unit = createUnit(scan, state, frame);
    if (!unit) return undefined;
    if (frame.isProgressive && refines > 0) return countBits(unit.length);
    return (segment, most) => countSequential(segment, most, unit, frame.isProgressive);
  }
  const [only, ...others] = scan.components;
  const content = state.acTables[only?.ac ?? 0];
  if (!only || others.length > 0 || !content || last > 63 || first > last) return undefined;
  const ac = createHuffmanTable(content);
  const { component } = only;
  const nonZeros = history.get(component) ?? new Uint32Array(2 * component.blocksAcross * component.blocksDown);
  history.set(component, nonZeros);
  const countBlocks = refines > 0 ? countAcRefining : countAcFirst;
  return (segment, most, from) => countBlocks(segment, most, { first, last, ac }, nonZeros, from);
}

/** A scan that adds one bit to each DC value. */
const countBits =
  (blocks: number): Count =>
  ({ length }, most) => {
    const units = Math.min(most, Math.floor((length * 8) / blocks));
    return { units, bits: units * blocks };
  };

/** @returns undefined where a table that it needs was not defined */
function createUnit({ components, leavesOut, refines }: JpegScan, state: JpegState, frame: JpegFrame) {
  const isAlone = components.length === 1;
  const unit: UnitBlock[] = [];
  const built = new Map<TableContent, HuffmanTable>();
  const build = (content: TableContent | undefined) => {
    const table = content && (built.get(content) ?? createHuffmanTable(content));
    if (content && table) built.set(content, table);
    return table;
  };
  for (const [index, each] of components.entries()) {
    const { across, down, quantisation } = each.component;
    const needsTable = refines === 0 || !frame.isProgressive;
    const dc = build(state.dcTables[each.dc]) ?? (needsTable ? undefined : NO_TABLE);
    const ac = frame.isProgressive ? NO_TABLE : build(state.acTables[each.ac]);
    if (!dc || !ac) return undefined;
    const range = (DC_SLACK * 8 * 2 ** (frame.bitsPerSample - 1)) / (state.dcSteps[quantisation] ?? 1);
    const greatestDc = Math.ceil(range / 2 ** leavesOut) + 1;
    const blocks = isAlone ? 1 : across * down;
    for (let block = 0; block < blocks; block++) unit.push({ component: index, dc, ac, greatestDc });
  }
  return unit;
}

const NO_TABLE = {
  lookup: new Uint16Array(0),
  beyond: new Int32Array(0),
  offset: new Int32Array(0),
  symbols: new Uint8Array(0),
};
