import {
  Clipper64,
  ClipperOffset,
  ClipType,
  EndType,
  FillRule,
  JoinType,
  type Paths64,
  type PolyPath64,
  PolyTree64,
} from 'clipper2-ts';
import { isValidPolygon } from '#geometry/is-valid-polygon';
import { type MaskPolygon, type Ring, signedArea } from '#geometry/mask-polygon';
import { type PixelPoint, pixelPoint } from '#geometry/spaces';
import type { Size } from '../canvas/viewport.ts';

/** What happens to an area with another one. */
export type Combination = 'add' | 'subtract' | 'intersect';

/** Whole steps of a pixel in which areas are combined: corners that are not touched come back as they were. */
const STEPS = 256;
/** Rings with less area than this are what rounding leaves, in square pixels. */
const LEAST_AREA = 0.5;
/** How far rings that touch are drawn in, in steps of a pixel. */
const APART = 24;
/** How far a round stroke may be from its polygon, in pixels. */
const ARC_TOLERANCE = 0.1;

const CLIP_TYPES = { add: ClipType.Union, subtract: ClipType.Difference, intersect: ClipType.Intersection } as const;

/**
 * Combines parts with other ones, all in pixels of the photo. Corners that the other ones do not reach stay exactly
 * where they are. Lines that cross come apart: what an even number of them surrounds is outside.
 */
export function combineParts(
  parts: readonly MaskPolygon[],
  others: readonly MaskPolygon[],
  how: Combination,
): MaskPolygon[] {
  const tree = new PolyTree64();
  const clipper = new Clipper64();
  clipper.preserveCollinear = true;
  clipper.addSubject(toPaths(parts));
  clipper.addClip(toPaths(others));
  clipper.execute(CLIP_TYPES[how], FillRule.EvenOdd, tree);
  const known = new Map(
    allRings([...parts, ...others]).flatMap((ring) => ring.map((corner) => [keyOf(corner), corner])),
  );
  return readTree(tree, known).flatMap((part) => (isValidPolygon(part) ? [part] : drawIn(part)));
}

/** Takes lines apart that cross. Parts without such come back as they are. */
export const untangle = (parts: readonly MaskPolygon[]): MaskPolygon[] =>
  parts.every(isValidPolygon) && !overlap(parts) ? [...parts] : combineParts(parts, [], 'add');

/** The area that a round brush covers on a way, in pixels. */
export function strokeArea(way: readonly PixelPoint[], radius: number): MaskPolygon[] {
  // Steps much shorter than the brush is wide change nothing that can be seen, and cost corners.
  const least = Math.max(radius / 8, 0.25);
  const kept: PixelPoint[] = [];
  for (const [place, point] of way.entries()) {
    const last = kept.at(-1);
    const isFar = last === undefined || Math.hypot(point.x - last.x, point.y - last.y) >= least;
    if (isFar || (place === way.length - 1 && kept.length > 1)) kept.push(point);
  }
  const offset = new ClipperOffset();
  offset.arcTolerance = ARC_TOLERANCE * STEPS;
  offset.addPath(kept.map(toSteps), JoinType.Round, EndType.Round);
  const tree = new PolyTree64();
  offset.execute(radius * STEPS, tree);
  return readTree(tree, new Map());
}

/** What of parts lies on the photo. */
export function cutToPhoto(parts: readonly MaskPolygon[], { width, height }: Size): MaskPolygon[] {
  const isOn = ({ x, y }: PixelPoint) => x >= 0 && y >= 0 && x <= width && y <= height;
  if (parts.every(({ outer }) => outer.every(isOn))) return [...parts];
  const corners = [pixelPoint(0, 0), pixelPoint(width, 0), pixelPoint(width, height), pixelPoint(0, height)];
  return combineParts(parts, [{ outer: corners, holes: [] }], 'intersect');
}

const allRings = (parts: readonly MaskPolygon[]): Ring[] => parts.flatMap(({ outer, holes }) => [outer, ...holes]);
const toSteps = ({ x, y }: PixelPoint) => ({ x: Math.round(x * STEPS), y: Math.round(y * STEPS) });
const toPaths = (parts: readonly MaskPolygon[]): Paths64 => allRings(parts).map((ring) => ring.map(toSteps));
const keyOf = (point: PixelPoint): string => {
  const { x, y } = toSteps(point);
  return `${x},${y}`;
};

/** Whether a line of one part may meet one of another: their boxes do. */
function overlap(parts: readonly MaskPolygon[]): boolean {
  const boxes = parts.map(({ outer }) => ({
    left: Math.min(...outer.map(({ x }) => x)),
    right: Math.max(...outer.map(({ x }) => x)),
    top: Math.min(...outer.map(({ y }) => y)),
    bottom: Math.max(...outer.map(({ y }) => y)),
  }));
  return boxes.some((one, place) =>
    boxes
      .slice(0, place)
      .some(
        (other) =>
          one.left <= other.right && other.left <= one.right && one.top <= other.bottom && other.top <= one.bottom,
      ),
  );
}

/** Reads parts and their holes, largest first, with the corners that were known before. */
function readTree(tree: PolyTree64, known: ReadonlyMap<string, PixelPoint>): MaskPolygon[] {
  const parts: MaskPolygon[] = [];
  const toRing = (path: readonly { x: number; y: number }[] | null, sign: 1 | -1): Ring => {
    const ring = (path ?? []).map(({ x, y }) => known.get(`${x},${y}`) ?? pixelPoint(x / STEPS, y / STEPS));
    return signedArea(ring) * sign < 0 ? ring.reverse() : ring;
  };
  const hasArea = (ring: Ring) => Math.abs(signedArea(ring)) >= LEAST_AREA;
  const read = (parent: PolyPath64) => {
    for (let place = 0; place < parent.count; place++) {
      const node = parent.child(place);
      const outer = toRing(node.poly, 1);
      const holes: Ring[] = [];
      for (let inner = 0; inner < node.count; inner++) {
        const hole = node.child(inner);
        holes.push(toRing(hole.poly, -1));
        read(hole);
      }
      if (hasArea(outer)) parts.push({ outer, holes: holes.filter(hasArea) });
    }
  };
  read(tree);
  return parts.sort((a, b) => signedArea(b.outer) - signedArea(a.outer));
}

/** Draws rings in that touch, so that they come apart. */
function drawIn(part: MaskPolygon): MaskPolygon[] {
  const offset = new ClipperOffset();
  offset.addPaths(toPaths([part]), JoinType.Miter, EndType.Polygon);
  const tree = new PolyTree64();
  offset.execute(-APART, tree);
  return readTree(tree, new Map());
}
