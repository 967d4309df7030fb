import type { Outline } from '../objects/photo-object.ts';

type Position = { x: number; y: number };

/** A segment as a preview of the server has it, or the decoder of this browser. */
interface Segment {
  score: number;
  polygons: readonly { vertices: readonly Position[] }[];
  rings?: readonly (readonly (readonly Position[])[])[];
}

/** Converts a segment to the outline that is drawn: rings with real holes where the answer has them. */
export function toOutline({ score, polygons, rings }: Segment): Outline {
  const plain = polygons.map(({ vertices }) => vertices);
  return { score, polygons: plain, parts: rings ?? plain.map((vertices) => [vertices]) };
}
