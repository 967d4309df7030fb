import { simplifyPolygon } from '#geometry/simplify-polygon';
import type { ImageSize } from '#geometry/spaces';
import { traceRuns } from '#geometry/trace-runs';
import type { SetShape } from '#outputs/sets/set-format';
import { BadPlace } from './read-annotation.ts';
import { partsToOutline } from './read-values.ts';

/** A mask of more pixels is no photo's. */
const MOST_PIXELS = 250_000_000;
/** The stairs of pixels lie within 0.71 pixels of the line that they stand for. */
const SMOOTHING = { tolerancePx: 0.75, vertexPrice: 0.25 };

/**
 * Reads a mask in COCO's run lengths, compressed or as numbers, as an outline without the stairs of its pixels.
 *
 * @param size of the photo, which the mask must have too
 * @throws BadPlace
 */
export function readRunLengths({ size: given, counts }: Record<string, unknown>, size: ImageSize): SetShape {
  const { imageWidth, imageHeight } = size;
  if (!Array.isArray(given) || given[0] !== imageHeight || given[1] !== imageWidth) {
    throw new BadPlace(
      `its run lengths are of the size ${JSON.stringify(given)}, and its image is ${imageHeight} pixels high and ${imageWidth} wide`,
    );
  }
  if (imageWidth * imageHeight > MOST_PIXELS) throw new BadPlace(`its mask has more than ${MOST_PIXELS} pixels`);
  const lengths = typeof counts === 'string' ? expandRunLengths(counts) : counts;
  if (!Array.isArray(lengths)) throw new BadPlace('its run lengths have no counts');
  try {
    return partsToOutline(
      traceRuns(lengths, size).map((part) => simplifyPolygon(part, SMOOTHING)),
      size,
    );
  } catch (error) {
    throw error instanceof RangeError ? new BadPlace(`its run lengths are wrong: ${error.message}`) : error;
  }
}

/** Undoes `compressRunLengths`. Source: cocoapi, `rleFrString` of maskApi.c. @throws BadPlace */
function expandRunLengths(text: string): number[] {
  const lengths: number[] = [];
  for (let place = 0; place < text.length; ) {
    let value = 0;
    let shift = 0;
    let more = true;
    while (more) {
      const bits = text.charCodeAt(place++) - 48;
      if (!(bits >= 0 && bits < 64) || shift > 35) throw new BadPlace('its compressed run lengths cannot be read');
      value += (bits & 0x1f) * 2 ** shift;
      more = (bits & 0x20) !== 0;
      shift += 5;
      if (!more && bits & 0x10) value -= 2 ** shift;
    }
    lengths.push(value + (lengths.length > 2 ? (lengths.at(-2) ?? 0) : 0));
  }
  return lengths;
}
