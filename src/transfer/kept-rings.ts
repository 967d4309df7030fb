import { MAX_VERTICES } from '#contract/limits';
import type { Vertex } from '#contract/vision/segment-job';
import { signedArea } from '#geometry/mask-polygon';
import type { SetShape } from '#outputs/sets/set-format';

/** How far the rings that a set keeps may be from its polygons: share of the area, and fractions of the photo. */
const AREA_SHARE = { exactly: 1e-4, 'by area': 0.02 };
const BOX_SHARE = { exactly: 2e-5, 'by area': 0.02 };
/** More rings than any annotation has. */
const MOST_RINGS = 100 * MAX_VERTICES;

/**
 * The outline that Kontur wrote beside COCO's segmentation, which is not rounded to pixels: only if it still is the
 * segmentation's, since a program that changes polygons may keep keys that it does not know.
 *
 * @param rings for each part its outline, then its holes, as x, y, x, y … in fractions of the photo
 */
export function keptRings(rings: unknown, shape: SetShape, how: keyof typeof AREA_SHARE): SetShape | undefined {
  if (shape.is !== 'outline' || !Array.isArray(rings) || rings.length === 0 || rings.length > MOST_RINGS) {
    return undefined;
  }
  const kept = rings.map((part: unknown) => (Array.isArray(part) ? part.map(toVertices) : []));
  if (kept.some((part) => part.length === 0 || part.includes(undefined))) return undefined;
  const outline = { is: 'outline' as const, rings: kept as Vertex[][][] };
  const [own, others] = [measure(outline.rings), measure(shape.rings)];
  if (Math.abs(own.area - others.area) > AREA_SHARE[how] * others.area + 1e-9) return undefined;
  const isNear = own.box.every((value, index) => Math.abs(value - (others.box[index] ?? value)) <= BOX_SHARE[how]);
  return isNear ? outline : undefined;
}

function toVertices(numbers: unknown): Vertex[] | undefined {
  if (!Array.isArray(numbers) || numbers.length < 6 || numbers.length % 2 === 1) return undefined;
  if (!numbers.every((value) => typeof value === 'number' && value >= 0 && value <= 1)) return undefined;
  return Array.from({ length: numbers.length / 2 }, (_, index) => ({
    x: numbers[2 * index],
    y: numbers[2 * index + 1],
  }));
}

function measure(parts: readonly (readonly (readonly Vertex[])[])[]): { area: number; box: number[] } {
  let area = 0;
  const box = [1, 1, 0, 0] as [number, number, number, number];
  for (const [outer = [], ...holes] of parts) {
    area += holes.reduce((rest, hole) => rest - Math.abs(signedArea(hole)), Math.abs(signedArea(outer)));
    for (const { x, y } of outer) {
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
  }
  return { area, box };
}
