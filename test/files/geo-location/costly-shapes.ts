import type { Geometry } from '#contract/files/geo-location';

type Position = [longitude: number, latitude: number];

/** A line that goes to and fro between the west and the east of a box from (0, 0) to (10, 10), ever further north. */
export const zigzag = (positions: number): Geometry => ({
  type: 'LineString',
  coordinates: range(positions).map((index) => [index % 2 === 0 ? 0.1 : 9.9, 0.1 + (index / positions) * 9.8]),
});

/** Upright slivers that every stroke of a zigzag crosses, and last the box around it. */
export const slivers = (count: number): Geometry => ({
  type: 'MultiPolygon',
  coordinates: [
    ...range(count).map((index) => {
      const longitude = 0.5 + (index / count) * 9;
      const ring: Position[] = [
        [longitude, -1],
        [longitude + 0.01, -1],
        [longitude, 11],
        [longitude, -1],
      ];
      return [ring];
    }),
    [
      [
        [0, 0],
        [10, 0],
        [10, 10],
        [0, 10],
        [0, 0],
      ],
    ],
  ],
});

const range = (count: number) => Array.from({ length: count }, (_, index) => index);
