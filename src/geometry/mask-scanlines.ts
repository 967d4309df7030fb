import type { MaskPolygon } from './mask-polygon.ts';
import { scanRows, toSpans } from './scan-rows.ts';

/**
 * Yields the rows of a mask as an 8-bit greyscale PNG compresses them: for each row filter type 0, then one byte a
 * pixel, 255 inside the parts and 0 outside and in holes. Memory does not grow with the height. Source: PNG, third
 * edition.
 *
 * @param parts in pixels of an image of `width` x `height`
 * @param pieceBytes about how many bytes a piece has; each is of whole rows
 */
export function* maskScanlines(
  parts: readonly MaskPolygon[],
  width: number,
  height: number,
  pieceBytes: number,
): Generator<Uint8Array<ArrayBuffer>> {
  const rowBytes = 1 + width;
  const rowsInPiece = Math.max(1, Math.floor(pieceBytes / rowBytes));
  let piece = new Uint8Array(rowsInPiece * rowBytes);
  let filled = 0;
  for (const spans of scanRows(parts, width, height)) {
    const start = filled * rowBytes + 1;
    for (const [from, to] of toSpans(spans)) piece.fill(255, start + from, start + to);
    filled++;
    if (filled < rowsInPiece) continue;
    yield piece;
    piece = new Uint8Array(rowsInPiece * rowBytes);
    filled = 0;
  }
  if (filled > 0) yield piece.subarray(0, filled * rowBytes);
}
