import { MAX_VERTICES } from '#contract/limits';
import type { Vertex } from '#contract/vision/segment-job';
import { signedArea } from '#geometry/mask-polygon';
import type { SetShape } from '#outputs/sets/set-format';
import { cornersOf } from '#outputs/sets/to-parts';

/**
 * What an outline encloses, however its rings are written down: its box, its area and the moments of that, in fractions
 * of the photo.
 */
type Measures = readonly number[];

/** Two outlines are one if none of their measures differ more than this: rounding moves vertices by less. */
const SAME = 3e-6;
/** An outline of more vertices than a polygon may have is kept with fewer. */
const SAME_IF_SIMPLIFIED = 1e-3;

/** Annotations that a server has, each to be found once. */
export interface KnownShapes {
  add(fileId: number, label: string, shape: SetShape): void;
  /** Whether there is such an annotation; it counts no more afterwards, so that equal ones are told apart. */
  take(fileId: number, label: string, shape: SetShape): boolean;
}

/** Creates an empty list of known annotations. */
export function createKnownShapes(): KnownShapes {
  const known = new Map<string, Measures[]>();
  // A box is an outline of four corners, which some formats write it as.
  const keyOf = (fileId: number, label: string, { is }: SetShape) =>
    JSON.stringify([fileId, is === 'box' ? 'outline' : is, label]);
  return {
    add(fileId, label, shape) {
      const key = keyOf(fileId, label, shape);
      const others = known.get(key);
      if (others) others.push(measure(shape));
      else known.set(key, [measure(shape)]);
    },
    take(fileId, label, shape) {
      const others = known.get(keyOf(fileId, label, shape));
      if (others === undefined) return false;
      const own = measure(shape);
      const most = countVertices(shape) > MAX_VERTICES ? SAME_IF_SIMPLIFIED : SAME;
      const place = others.findIndex((other) =>
        own.every((value, index) => Math.abs(value - (other[index] ?? 0)) <= most),
      );
      if (place < 0) return false;
      others.splice(place, 1);
      return true;
    },
  };
}

function measure(shape: SetShape): Measures {
  if (shape.is === 'box') return measure({ is: 'outline', rings: [[cornersOf(shape)]] });
  if (shape.is === 'line') return shape.vertices.flatMap(({ x, y }) => [x, y]);
  if (shape.is === 'other') return [];
  const sums = { xMin: 1, yMin: 1, xMax: 0, yMax: 0, area: 0, momentX: 0, momentY: 0 };
  for (const [outer = [], ...holes] of shape.rings) {
    for (const { x, y } of outer) {
      sums.xMin = Math.min(sums.xMin, x);
      sums.yMin = Math.min(sums.yMin, y);
      sums.xMax = Math.max(sums.xMax, x);
      sums.yMax = Math.max(sums.yMax, y);
    }
    addMoments(sums, outer, 1);
    for (const hole of holes) addMoments(sums, hole, -1);
  }
  return Object.values(sums);
}

/** Adds what a ring encloses, whichever way it runs. */
function addMoments(sums: { area: number; momentX: number; momentY: number }, ring: readonly Vertex[], sign: 1 | -1) {
  const direction = Math.sign(signedArea(ring)) * sign;
  let from = ring.at(-1);
  for (const to of ring) {
    if (from === undefined) return;
    const cross = (from.x * to.y - to.x * from.y) * direction;
    sums.area += cross / 2;
    sums.momentX += (cross * (from.x + to.x)) / 6;
    sums.momentY += (cross * (from.y + to.y)) / 6;
    from = to;
  }
}

/** Counts the vertices of a shape. */
export function countVertices(shape: SetShape): number {
  if (shape.is === 'line') return shape.vertices.length;
  if (shape.is === 'box') return cornersOf(shape).length;
  return shape.is === 'outline' ? shape.rings.flat().reduce((sum, ring) => sum + ring.length, 0) : 0;
}
