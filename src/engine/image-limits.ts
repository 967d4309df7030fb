/** Most work on the header of an image, in milliseconds. */
export const HEADER_LIMIT_MS = 10_000;

/** Most work on the pixels of an image, in milliseconds: many times what the slowest photo of that size takes. */
export const readLimitMs = (pixels: number): number => 10_000 + pixels / 5_000;
