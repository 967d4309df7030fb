import { KonturError } from '#contract/errors';
import type { PromptMask } from '#contract/vision/prompt-mask';
import { readRunLengths } from '#contract/vision/read-run-lengths';
import type { MaskPolygon } from '#geometry/mask-polygon';
import { type ImageSize, unitPoint, unitToPixel } from '#geometry/spaces';
import { splitSeams } from '#geometry/split-seams';
import { traceRuns } from '#geometry/trace-runs';

/**
 * Converts the mask of a prompt to parts with real holes in pixels of the upright photo. A polygon is filled by the
 * even-odd rule, so that holes cut in by seams are holes; what lies in any polygon is in the mask.
 *
 * @throws KonturError `invalid-request` if run lengths are of an image of another size, or too ragged to trace
 */
export function toMaskParts(mask: PromptMask, size: ImageSize): MaskPolygon[] {
  if ('polygons' in mask) {
    return mask.polygons.flatMap(({ vertices }) =>
      splitSeams(vertices.map(({ x, y }) => unitToPixel(unitPoint(x, y), size))),
    );
  }
  const { size: given, counts } = mask.rle;
  const [height, width] = given;
  const { imageWidth, imageHeight } = size;
  if (height !== imageHeight || width !== imageWidth) {
    const isTurned = height === imageWidth && width === imageHeight;
    throw new KonturError(
      'invalid-request',
      `mask.rle.size is [${height}, ${width}] (height, width), and the upright image has [${imageHeight}, ${imageWidth}]: ${isTurned ? 'height comes first, as the image is turned upright by its EXIF orientation' : 'give the mask at the size of the image'}.`,
    );
  }
  try {
    return traceRuns(readRunLengths(counts), size);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new KonturError('invalid-request', `mask.rle cannot be used: ${error.message}.`, { cause: error });
  }
}
