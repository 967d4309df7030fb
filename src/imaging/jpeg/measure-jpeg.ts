import { type History, measureScan } from './measure-scan.ts';
import { type JpegComponent, type JpegFrame, type JpegScan, readJpegMarkers } from './read-jpeg-markers.ts';

/** Shares of the pixels of a JPEG, from 0 to 1. */
export interface JpegCoverage {
  /** Pixels of which nothing has arrived. */
  missing: number;
  /** Pixels of which a part is missing: fine detail or colour. A progressive image arrives coarse first. */
  coarse: number;
}

/** A scan of which that share is missing. */
interface ReadScan {
  scan: JpegScan;
  missing: number;
}

/**
 * Measures how many pixels of a JPEG are there, scan by scan: the entropy-coded data are counted through, and no pixel
 * is decoded. A missing end marker, stray bytes before a marker and whatever else costs no pixel do not count.
 *
 * @returns undefined where that cannot be told: data of a rare kind
 */
export function measureJpeg(file: Uint8Array): JpegCoverage | undefined {
  const history: History = new Map();
  const seen: ReadScan[] = [];
  let isKnown = true;
  const { state, ended } = readJpegMarkers(file, (scan, tables, frame) => {
    const coverage = isReadable(frame) ? measureScan(file, scan, tables, frame, history) : undefined;
    isKnown &&= coverage !== undefined;
    if (!coverage) return undefined;
    seen.push({ scan, missing: coverage.missing / coverage.units });
    // What follows a scan of everything is read by nobody.
    const isAll = !frame.isProgressive && scan.components.length === frame.components.length;
    return isAll ? undefined : coverage.end;
  });
  const { frame } = state;
  if (!isKnown || (frame && !isReadable(frame))) return undefined;
  if (!frame || seen.length === 0) return { missing: 1, coarse: 0 };
  return toCoverage(frame, seen, ended);
}

const isReadable = ({ isOrdinary, bitsPerSample }: JpegFrame): boolean => isOrdinary && bitsPerSample === 8;

function toCoverage(frame: JpegFrame, seen: ReadScan[], ended: boolean): JpegCoverage {
  const [brightness] = frame.components;
  const isBaseOf = (component: JpegComponent | undefined, { scan }: ReadScan): boolean =>
    scan.first === 0 && scan.refines === 0 && scan.components.some((each) => each.component === component);
  const base = seen.filter((each) => isBaseOf(brightness, each));
  // Without brightness at its coarsest nothing is there.
  if (base.length === 0) return { missing: 1, coarse: 0 };
  const missing = Math.max(...base.map((each) => each.missing));
  const anyMissing = Math.max(...seen.map((each) => each.missing));
  const isComplete = frame.components.every((component) => isSpectrumComplete(frame, seen, component));
  // Whoever wrote an end marker behind whole scans of all components wanted no more detail.
  const hasAll = frame.components.every((component) => seen.some((each) => isBaseOf(component, each)));
  const partly = isComplete || (ended && hasAll) ? anyMissing : 1;
  return { missing, coarse: Math.max(0, partly - missing) };
}

/** Whether scans brought every coefficient of the component with all of its bits. */
function isSpectrumComplete(frame: JpegFrame, seen: ReadScan[], component: JpegComponent): boolean {
  const own = seen.filter(({ scan }) => scan.components.some((each) => each.component === component));
  if (!frame.isProgressive) return own.length > 0;
  const brought = new Set<number>();
  for (const { scan } of own) {
    for (let place = scan.first; place <= scan.last && scan.leavesOut === 0; place++) brought.add(place);
  }
  return brought.size === 64;
}
