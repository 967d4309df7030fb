import type { MaskPolygon } from '#geometry/mask-polygon';
import { scanRows, toSpans } from '#geometry/scan-rows';
import type { ImageSize } from '#geometry/spaces';

/** Rows or columns that are worked on before other work may go first: about a millisecond. */
const LINES_AT_ONCE = 64;

/**
 * Encodes the mask of `rasterise` in COCO's run lengths: pixels column by column, alternating runs of zeros and ones,
 * zeros first (so the first length may be 0). Source: cocoapi, `rleEncode` of maskApi.c.
 *
 * @param giveWay awaited now and then: a mask of a large photo takes long
 */
export async function toRunLengths(
  parts: readonly MaskPolygon[],
  { imageWidth, imageHeight }: ImageSize,
  giveWay: () => Promise<unknown>,
): Promise<number[]> {
  const lengths: number[] = [];
  let value = 0;
  let start = 0;
  const turn = (index: number) => {
    lengths.push(index - start);
    start = index;
    value = 1 - value;
  };
  const changes = await columnChanges(parts, { imageWidth, imageHeight }, giveWay);
  for (let column = 0; column < imageWidth; column++) {
    if (column % LINES_AT_ONCE === 0) await giveWay();
    const rows = changes.get(column) ?? [];
    const isSetAtTop = rows[0] === 0;
    if (Number(isSetAtTop) !== value) turn(column * imageHeight);
    for (const row of isSetAtTop ? rows.slice(1) : rows) turn(column * imageHeight + row);
  }
  lengths.push(imageWidth * imageHeight - start);
  return lengths;
}

/**
 * Compresses COCO's run lengths: each length, from the fourth on minus the one before the last, in groups of 5 bits as
 * characters from "0" on. Source: cocoapi, `rleToString` of maskApi.c.
 */
export function compressRunLengths(lengths: readonly number[]): string {
  let text = '';
  lengths.forEach((length, index) => {
    const earlier = index > 2 ? lengths[index - 2] : undefined;
    let rest = length - (earlier ?? 0);
    let more = true;
    while (more) {
      const bits = rest & 0x1f;
      rest >>= 5;
      more = bits & 0x10 ? rest !== -1 : rest !== 0;
      text += String.fromCharCode((more ? bits | 0x20 : bits) + 48);
    }
  });
  return text;
}

/** Counts the set pixels of a mask in COCO's run lengths. */
export function countPixels(lengths: readonly number[]): number {
  return lengths.reduce((count, length, index) => (index % 2 === 1 ? count + length : count), 0);
}

/** For each column the rows, from the top, whose pixel differs from the one above; nothing is set above the image. */
async function columnChanges(
  parts: readonly MaskPolygon[],
  { imageWidth, imageHeight }: ImageSize,
  giveWay: () => Promise<unknown>,
): Promise<Map<number, number[]>> {
  const changes = new Map<number, number[]>();
  let above: number[] = [];
  let row = 0;
  for (const spans of scanRows(parts, imageWidth, imageHeight)) {
    if (row % LINES_AT_ONCE === 0) await giveWay();
    const differing = differingSpans(above, spans);
    for (const [start, end] of toSpans(differing)) {
      for (let column = start; column < end; column++) {
        const rows = changes.get(column);
        if (rows) rows.push(row);
        else changes.set(column, [row]);
      }
    }
    above = spans;
    row++;
  }
  return changes;
}

/** Bounds in both rows cancel out, which leaves the spans where only one row is set. */
function differingSpans(one: number[], other: number[]): number[] {
  const inOne = new Set(one);
  const inOther = new Set(other);
  return [...one.filter((bound) => !inOther.has(bound)), ...other.filter((bound) => !inOne.has(bound))].sort(
    (a, b) => a - b,
  );
}
