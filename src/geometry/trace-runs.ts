import { type MaskPolygon, polygonContains, type Ring, signedArea } from './mask-polygon.ts';
import { type ImageSize, type PixelPoint, pixelPoint } from './spaces.ts';

/** Most corners that the outlines of a mask may have before they are simplified: those of a mask of noise are more. */
const MOST_CORNERS = 400_000;

interface Edge {
  from: PixelPoint;
  to: PixelPoint;
}

/**
 * Traces a mask in COCO's run lengths (pixels column by column, zeros first) to its parts with their holes, largest
 * first, in pixels of the image: exactly along the edges of its pixels, which touch only at corners.
 *
 * @throws RangeError if the lengths are not those of a mask of this size, or if it has too many corners
 */
export function traceRuns(lengths: readonly number[], size: ImageSize): MaskPolygon[] {
  const rings = joinEdges(findEdges(toColumns(lengths, size)), size);
  const outlines = rings.filter((ring) => signedArea(ring) > 0).map((outer): MaskPolygon => ({ outer, holes: [] }));
  outlines.sort((a, b) => signedArea(b.outer) - signedArea(a.outer));
  for (const hole of rings.filter((ring) => signedArea(ring) < 0)) {
    const beside = pixelBeside(hole);
    outlines.findLast(({ outer }) => polygonContains({ outer, holes: [] }, beside))?.holes.push(hole);
  }
  return outlines;
}

/** For each column the rows where its spans begin and end, in order. */
function toColumns(lengths: readonly number[], { imageWidth, imageHeight }: ImageSize): number[][] {
  const columns: number[][] = Array.from({ length: imageWidth }, () => []);
  let position = 0;
  for (const [run, length] of lengths.entries()) {
    if (!Number.isSafeInteger(length) || length < 0) throw new RangeError(`run ${run} has no length: ${length}`);
    const end = position + length;
    if (end > imageWidth * imageHeight) break;
    for (let at = position; run % 2 === 1 && at < end; ) {
      const column = Math.floor(at / imageHeight);
      const stop = Math.min(end, (column + 1) * imageHeight);
      const spans = columns[column] ?? [];
      const top = at - column * imageHeight;
      // Two runs may touch, with a run of no zeros between them.
      if (spans.at(-1) === top) spans.pop();
      else spans.push(top);
      spans.push(stop - column * imageHeight);
      at = stop;
    }
    position = end;
  }
  const all = lengths.reduce((sum, length) => sum + length, 0);
  if (all !== imageWidth * imageHeight) {
    throw new RangeError(`the runs are ${all} pixels long, and the image has ${imageWidth} x ${imageHeight}`);
  }
  return columns;
}

/** Edges between pixels inside and outside, with the inside on the right. */
function findEdges(columns: readonly number[][]): Edge[] {
  const edges: Edge[] = [];
  const add = (fromX: number, fromY: number, toX: number, toY: number) => {
    edges.push({ from: pixelPoint(fromX, fromY), to: pixelPoint(toX, toY) });
    if (edges.length > MOST_CORNERS) throw new RangeError(`the mask has more than ${MOST_CORNERS} corners`);
  };
  const nothing: number[] = [];
  for (let x = 0; x <= columns.length; x++) {
    const left = columns[x - 1] ?? nothing;
    const right = columns[x] ?? nothing;
    right.forEach((row, index) => {
      if (index % 2 === 0) add(x, row, x + 1, row);
      else add(x + 1, row, x, row);
    });
    eachDifference(left, right, (top, bottom, isLeft) => {
      if (isLeft) add(x, top, x, bottom);
      else add(x, bottom, x, top);
    });
  }
  return edges;
}

/** Calls for each stretch of rows that is in one of two columns alone. */
function eachDifference(
  left: readonly number[],
  right: readonly number[],
  call: (top: number, bottom: number, isLeft: boolean) => void,
): void {
  const rows = [...new Set([...left, ...right])].sort((a, b) => a - b);
  let isInLeft = false;
  let isInRight = false;
  const [atLeft, atRight] = [new Set(left), new Set(right)];
  for (const [index, row] of rows.entries()) {
    if (atLeft.has(row)) isInLeft = !isInLeft;
    if (atRight.has(row)) isInRight = !isInRight;
    const next = rows[index + 1];
    if (next !== undefined && isInLeft !== isInRight) call(row, next, isInLeft);
  }
}

/** Joins edges to closed lines without corners on a straight line. Where four meet, a line stays with its pixel. */
function joinEdges(edges: readonly Edge[], { imageHeight }: ImageSize): Ring[] {
  const key = ({ x, y }: PixelPoint) => x * (imageHeight + 1) + y;
  const leaving = new Map<number, Edge[]>();
  for (const edge of edges) {
    const others = leaving.get(key(edge.from));
    if (others) others.push(edge);
    else leaving.set(key(edge.from), [edge]);
  }
  const rings: Ring[] = [];
  const used = new Set<Edge>();
  for (const first of edges) {
    if (used.has(first)) continue;
    const walked: Edge[] = [];
    for (let edge: Edge | undefined = first; edge !== undefined && !used.has(edge); ) {
      used.add(edge);
      walked.push(edge);
      const { from, to }: Edge = edge;
      const next: Edge[] = leaving.get(key(to)) ?? [];
      edge = next.find((candidate) => next.length === 1 || turnsRight({ from, to }, candidate)) ?? next[0];
    }
    rings.push(walked.filter((edge, index) => !isStraight(walked.at(index - 1) ?? edge, edge)).map(({ from }) => from));
  }
  return rings;
}

const turn = (one: Edge, other: Edge): number =>
  (one.to.x - one.from.x) * (other.to.y - other.from.y) - (one.to.y - one.from.y) * (other.to.x - other.from.x);
const turnsRight = (one: Edge, other: Edge): boolean => turn(one, other) > 0;
const isStraight = (one: Edge, other: Edge): boolean => turn(one, other) === 0;

/** The centre of a pixel inside the mask that lies along the first edge of a ring. */
function pixelBeside(ring: Ring): PixelPoint {
  const [from = pixelPoint(0, 0), to = from] = ring;
  const [dx, dy] = [Math.sign(to.x - from.x), Math.sign(to.y - from.y)];
  return pixelPoint(from.x + (dx - dy) / 2, from.y + (dy + dx) / 2);
}
