import { MAX_BULK_BODY_BYTES, MAX_BULK_BODY_VALUES } from '#contract/limits';

/** Route options about the size of bodies (see `acceptJson`). */
export interface BodyLimits {
  bodyLimit: number;
  config: { bodyValues: number };
}

/** Body limits of operations that change up to 1000 records in one request. */
export const BULK_BODY: BodyLimits = {
  bodyLimit: MAX_BULK_BODY_BYTES,
  config: { bodyValues: MAX_BULK_BODY_VALUES },
};

/** Allowance for everything except the points: the file, the box, and properties that this server ignores. */
const BYTES_BESIDE = 64 * 1024;
const VALUES_BESIDE = 4_000;
/** Allowance for one point: all digits of a double, indented; and values that a client may add to it. */
const BYTES_OF_POINT = 256;
const VALUES_OF_POINT = 8;

/** Body limits of operations whose body is the prompt for one image with at most `maxPoints` points. */
export function promptBody(maxPoints: number): BodyLimits {
  return {
    bodyLimit: Math.min(BYTES_BESIDE + maxPoints * BYTES_OF_POINT, MAX_BULK_BODY_BYTES),
    config: { bodyValues: Math.min(VALUES_BESIDE + maxPoints * VALUES_OF_POINT, MAX_BULK_BODY_VALUES) },
  };
}
