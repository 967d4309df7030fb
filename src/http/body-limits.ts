import { MAX_BULK_BODY_BYTES, MAX_BULK_BODY_VALUES, MAX_MASK_RUNS } from '#contract/limits';

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

/** Allowance for the mask of a prompt: its runs as numbers, or its vertices with all digits of a double. */
const BYTES_OF_MASK = 2 * 1024 * 1024;
const VALUES_OF_MASK = MAX_MASK_RUNS + 10_000;

/** Body limits of operations whose body is a prompt that may start from a mask. */
export function maskedPromptBody(maxPoints: number): BodyLimits {
  const { bodyLimit, config } = promptBody(maxPoints);
  return {
    bodyLimit: Math.min(bodyLimit + BYTES_OF_MASK, MAX_BULK_BODY_BYTES),
    config: { bodyValues: Math.min(config.bodyValues + VALUES_OF_MASK, MAX_BULK_BODY_VALUES) },
  };
}
