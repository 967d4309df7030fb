import type { Vertex } from '#contract/vision/segment-job';
import { type MaskPolygon, type Ring, signedArea } from '#geometry/mask-polygon';
import { type ImageSize, pixelPoint, pixelToUnit } from '#geometry/spaces';
import { splitSeams } from '#geometry/split-seams';
import type { SetAnnotation, SetAttribute, SetShape, SetStatus } from '#outputs/sets/set-format';
import { BadPlace } from './read-annotation.ts';

/** Coordinates may lie this many pixels outside the photo: tools round them. */
const BEYOND_PX = 2;
/** Coordinates are kept to millionths of the photo, as everywhere. */
const STEPS = 1e6;
const LONGEST_LABEL = 128;
const STATUSES: readonly unknown[] = ['suggested', 'approved', 'rejected'] satisfies SetStatus[];

/** Whether a value is a JSON object. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Checks a label: 1 to 128 characters. @throws BadPlace */
export function checkLabel(label: unknown): string {
  const text = typeof label === 'string' ? label.trim() : '';
  if (text === '') throw new BadPlace('it has no label');
  if ([...text].length > LONGEST_LABEL) {
    throw new BadPlace(`its label has ${[...text].length} characters, and ${LONGEST_LABEL} are the most`);
  }
  return text;
}

/** Checks the size of a photo in pixels. @throws BadPlace */
export function checkSize(width: unknown, height: unknown): ImageSize {
  const isLength = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0;
  if (isLength(width) && isLength(height) && width <= 1e6 && height <= 1e6) {
    return { imageWidth: width, imageHeight: height };
  }
  throw new BadPlace(`the size of its photo is no size in pixels: ${JSON.stringify([width, height])}`);
}

/** A confidence from 0 to 1; anything else counts as none. */
export const toScore = (value: unknown): number | undefined =>
  typeof value === 'number' && value >= 0 && value <= 1 ? value : undefined;

/** One of the statuses; anything else counts as none. */
export const toStatus = (value: unknown): SetStatus | undefined =>
  STATUSES.includes(value) ? (value as SetStatus) : undefined;

/** The attributes that are true, false or a number; undefined if there are none. */
export function toAttributes(value: unknown): SetAnnotation['attributes'] {
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value).flatMap(([name, given]): [string, SetAttribute][] => {
    const plain = isObject(given) && 'value' in given ? given.value : given;
    if (typeof plain === 'boolean') return [[name, { type: 'boolean', value: plain }]];
    return Number.isFinite(plain) ? [[name, { type: 'numerical', value: plain as number }]] : [];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/**
 * Reads pairs of x and y in pixels and checks that they lie in the photo.
 *
 * @param what is read, for messages, such as `polygon 1`
 * @throws BadPlace
 */
export function toRing(pairs: readonly (readonly unknown[])[], size: ImageSize, what: string): Ring {
  return pairs.map((pair, index) => {
    const [x, y] = pair;
    if (pair.length !== 2 || typeof x !== 'number' || typeof y !== 'number') {
      throw new BadPlace(`vertex ${index + 1} of ${what} is no pair of numbers`);
    }
    const { imageWidth, imageHeight } = size;
    const isIn = (value: number, length: number) => value >= -BEYOND_PX && value <= length + BEYOND_PX;
    if (!isIn(x, imageWidth) || !isIn(y, imageHeight)) {
      throw new BadPlace(
        `vertex ${index + 1} of ${what} (${x}, ${y}) lies outside the photo of ${imageWidth} x ${imageHeight} pixels`,
      );
    }
    return pixelPoint(Math.min(Math.max(x, 0), imageWidth), Math.min(Math.max(y, 0), imageHeight));
  });
}

/**
 * Converts closed lines in pixels, each with its holes and parts as seams, to an outline in fractions of the photo.
 *
 * @throws BadPlace for a line of fewer than three vertices, or one that encloses nothing
 */
export function toOutline(lines: readonly Ring[], size: ImageSize): SetShape {
  const parts = lines.flatMap((line, index) => {
    const what = lines.length > 1 ? `polygon ${index + 1}` : 'its polygon';
    if (line.length < 3) throw new BadPlace(`${what} has ${line.length} vertices, and an outline has 3 or more`);
    return splitSeams(line);
  });
  return partsToOutline(parts, size);
}

/** Converts parts in pixels to an outline in fractions of the photo. @throws BadPlace for one that encloses nothing */
export function partsToOutline(parts: readonly MaskPolygon[], size: ImageSize): SetShape {
  const rings = parts
    .map(({ outer, holes }) => [outer, ...holes].map((ring) => toUnitRing(ring, size)))
    .filter(([outer = []]) => encloses(outer))
    .map(([outer = [], ...holes]) => [outer, ...holes.filter(encloses)]);
  if (rings.length === 0) throw new BadPlace('it encloses nothing');
  return { is: 'outline', rings };
}

/** Converts two corners in pixels to a box. @throws BadPlace for one without an area */
export function toBox(corners: Ring, size: ImageSize): SetShape {
  const units = toUnitRing(corners, size);
  const [xs, ys] = [units.map(({ x }) => x), units.map(({ y }) => y)];
  const box = { xMin: Math.min(...xs), yMin: Math.min(...ys), xMax: Math.max(...xs), yMax: Math.max(...ys) };
  if (!(box.xMin < box.xMax && box.yMin < box.yMax)) throw new BadPlace('its box encloses nothing');
  return { is: 'box', ...box };
}

/** Converts a line in pixels to fractions of the photo, without vertices that become equal. */
export function toUnitRing(ring: Ring, size: ImageSize): Vertex[] {
  const units = ring.map((point) => {
    const { x, y } = pixelToUnit(point, size);
    return { x: Math.round(x * STEPS) / STEPS, y: Math.round(y * STEPS) / STEPS };
  });
  return units.filter(({ x, y }, index) => {
    const next = units[(index + 1) % units.length];
    return units.length < 2 || x !== next?.x || y !== next?.y;
  });
}

const encloses = (ring: readonly Vertex[]) => ring.length >= 3 && Math.abs(signedArea(ring)) > STEPS ** -2;
