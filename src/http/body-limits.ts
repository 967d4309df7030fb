import { MAX_BULK_BODY_BYTES, MAX_BULK_BODY_VALUES } from '#contract/limits';

/** Route options about the size of bodies (see `acceptJson`). */
export interface BodyLimits {
  bodyLimit: number;
  config: { bodyValues: number };
}

/** For operations that change up to 1000 records at once. */
export const BULK_BODY: BodyLimits = {
  bodyLimit: MAX_BULK_BODY_BYTES,
  config: { bodyValues: MAX_BULK_BODY_VALUES },
};

/** Beside the points: the file, the box, and what this server does not look at. */
const BYTES_BESIDE = 64 * 1024;
const VALUES_BESIDE = 4_000;
/** Of a point with all digits of a double, indented; its values and those that a client may put beside them. */
const BYTES_OF_POINT = 256;
const VALUES_OF_POINT = 8;

/** For operations whose body is the prompt for one image. */
export function promptBody(maxPoints: number): BodyLimits {
  return {
    bodyLimit: Math.min(BYTES_BESIDE + maxPoints * BYTES_OF_POINT, MAX_BULK_BODY_BYTES),
    config: { bodyValues: Math.min(VALUES_BESIDE + maxPoints * VALUES_OF_POINT, MAX_BULK_BODY_VALUES) },
  };
}
