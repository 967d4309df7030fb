/** A component of a JPEG: a channel such as brightness, at its own resolution. */
export interface JpegComponent {
  id: number;
  /** Samples across and down in the unit of a scan of all components, in blocks of 8 x 8. */
  across: number;
  down: number;
  /** Blocks that have pixels of the image. */
  blocksAcross: number;
  blocksDown: number;
  quantisation: number;
}

/** What the frame header of a JPEG says. */
export interface JpegFrame {
  width: number;
  height: number;
  bitsPerSample: number;
  isProgressive: boolean;
  /** Whether its data are of the two kinds that ordinary software writes: Huffman-coded, sequential or progressive. */
  isOrdinary: boolean;
  components: JpegComponent[];
  unitsAcross: number;
  unitsDown: number;
}

/** What stands in a scan header. */
export interface JpegScan {
  components: { component: JpegComponent; dc: number; ac: number }[];
  /** First and last coefficient of the spectrum. */
  first: number;
  last: number;
  /** Bits that were left out so far; 0 where this is the first scan of those coefficients. */
  refines: number;
  /** Bits that are still left out. */
  leavesOut: number;
  /** Place in the file where its data begin. */
  dataStart: number;
}

/** A Huffman table as a DHT segment has it: counts of codes by length, and the symbols. */
export interface TableContent {
  counts: Uint8Array;
  symbols: Uint8Array;
}

/** What the segments before a scan have set for it. */
export interface JpegState {
  frame?: JpegFrame;
  dcTables: (TableContent | undefined)[];
  acTables: (TableContent | undefined)[];
  /** The quantisation of DC, by table. */
  dcSteps: number[];
  /** Units between restart markers; 0 for none. */
  restartInterval: number;
}

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const DQT = 0xdb;
const DHT = 0xc4;
const DRI = 0xdd;
/** 0xc0 to 0xcf are frame headers but for these: DHT, JPG, DAC. */
const NOT_FRAMES = [DHT, 0xc8, 0xcc];

/**
 * Walks the marker segments of a JPEG. At each scan it asks `onScan` where to go on, which is after the scan's data, or
 * nowhere. Returns whether it came to the end marker. Source: ITU T.81, annex B.
 */
export function readJpegMarkers(
  file: Uint8Array,
  onScan: (scan: JpegScan, state: JpegState, frame: JpegFrame) => number | undefined,
): { state: JpegState; ended: boolean } {
  const state: JpegState = { dcTables: [], acTables: [], dcSteps: [], restartInterval: 0 };
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let at = 2;
  while (at < file.length) {
    at = file.indexOf(0xff, at);
    if (at < 0) break;
    const marker = file[at + 1];
    if (marker === undefined) break;
    if (marker === EOI) return { state, ended: true };
    if (marker === 0xff) {
      at++;
      continue;
    }
    // Markers without a length, and bytes that are none.
    if (marker < 0xc0 || (marker >= 0xd0 && marker <= SOI)) {
      at += 2;
      continue;
    }
    if (at + 4 > file.length) break;
    const end = at + 2 + view.getUint16(at + 2);
    if (end > file.length) break;
    const content = file.subarray(at + 4, end);
    if (marker === DHT) readHuffmanTables(content, state);
    else if (marker === DQT) readQuantisation(content, state);
    else if (marker === DRI && content.length >= 2) state.restartInterval = view.getUint16(at + 4);
    else if (marker === SOS && state.frame) {
      const scan = readScan(content, state.frame, end);
      const next = scan && onScan(scan, state, state.frame);
      if (next === undefined) break;
      at = next;
      continue;
    } else if (marker < 0xd0 && !NOT_FRAMES.includes(marker)) state.frame ??= readFrame(content, marker);
    at = end;
  }
  return { state, ended: false };
}

function readFrame(content: Uint8Array, marker: number): JpegFrame | undefined {
  const [bitsPerSample = 0, h1 = 0, h2 = 0, w1 = 0, w2 = 0, count = 0] = content;
  const height = (h1 << 8) | h2;
  const width = (w1 << 8) | w2;
  if (content.length < 6 + 3 * count || count === 0) return undefined;
  const raw = Array.from({ length: count }, (_, index) => {
    const [id = 0, sampling = 0, quantisation = 0] = content.subarray(6 + 3 * index);
    return { id, across: sampling >> 4, down: sampling & 15, quantisation };
  });
  if (raw.some(({ across, down }) => across < 1 || across > 4 || down < 1 || down > 4)) return undefined;
  const mostAcross = Math.max(...raw.map(({ across }) => across));
  const mostDown = Math.max(...raw.map(({ down }) => down));
  return {
    width,
    height,
    bitsPerSample,
    isProgressive: marker === 0xc2,
    isOrdinary: marker <= 0xc2,
    components: raw.map((component) => ({
      ...component,
      blocksAcross: Math.ceil(Math.ceil((width * component.across) / mostAcross) / 8),
      blocksDown: Math.ceil(Math.ceil((height * component.down) / mostDown) / 8),
    })),
    unitsAcross: Math.ceil(width / (8 * mostAcross)),
    unitsDown: Math.ceil(height / (8 * mostDown)),
  };
}

function readScan(content: Uint8Array, frame: JpegFrame, dataStart: number): JpegScan | undefined {
  const count = content[0] ?? 0;
  if (count < 1 || count > 4 || content.length < 4 + 2 * count) return undefined;
  const components = Array.from({ length: count }, (_, index) => {
    const [id, tables = 0] = content.subarray(1 + 2 * index);
    const component = frame.components.find((each) => each.id === id);
    return component && { component, dc: tables >> 4, ac: tables & 15 };
  }).filter((each) => each !== undefined);
  if (components.length < count) return undefined;
  const [first = 0, last = 0, bits = 0] = content.subarray(1 + 2 * count);
  return { components, first, last, refines: bits >> 4, leavesOut: bits & 15, dataStart };
}

function readHuffmanTables(content: Uint8Array, state: JpegState): void {
  for (let at = 0; at + 17 <= content.length; ) {
    const tableClass = content[at]! >> 4;
    const counts = content.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const tables = tableClass === 0 ? state.dcTables : state.acTables;
    tables[content[at]! & 15] = { counts, symbols: content.subarray(at + 17, at + 17 + total) };
    at += 17 + total;
  }
}

function readQuantisation(content: Uint8Array, state: JpegState): void {
  for (let at = 0; at < content.length; ) {
    const isWide = content[at]! >> 4 > 0;
    const step = isWide ? ((content[at + 1] ?? 0) << 8) | (content[at + 2] ?? 0) : (content[at + 1] ?? 0);
    state.dcSteps[content[at]! & 15] = Math.max(1, step);
    at += 1 + (isWide ? 128 : 64);
  }
}
