import type { MaskPolygon } from '#geometry/mask-polygon';
import { rectangle, ringOf } from '../geometry/rings.ts';

export const SHAPES_IMAGE = { imageWidth: 120, imageHeight: 90 };

/** A slanted part with two holes, and a small detached part. */
export const SHAPES: MaskPolygon[] = [
  {
    outer: ringOf([10.4, 5.25], [70.3, 12.1], [74.8, 60.7], [40.2, 80.9], [8.6, 55.5]),
    holes: [
      ringOf([20.2, 30.3], [20.2, 45.6], [33.7, 38.1]),
      ringOf([45.1, 25.4], [50.5, 50.2], [62.3, 48.8], [60.6, 20.9]),
    ],
  },
  { outer: rectangle(90.2, 60.3, 110.7, 80.8), holes: [] },
];
