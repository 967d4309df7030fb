import { KonturError } from '../errors.ts';
import {
  MAX_MASK_POLYGONS,
  MAX_MASK_RUNS,
  MAX_MASK_SIDE,
  MAX_MASK_TEXT,
  MAX_MASK_VERTICES,
  MAX_VERTICES,
  MIN_VERTICES,
} from '../limits.ts';
import { findCrossing } from './find-crossing.ts';
import type { BoundingBox } from './prompt.ts';
import type { PromptMask, UncheckedMask } from './prompt-mask.ts';
import { readRunLengths } from './read-run-lengths.ts';

/** A mask that was checked, and the box around it in fractions of the upright image. */
export interface CheckedMask {
  mask: PromptMask;
  around: BoundingBox;
}

/** Polygons smaller than this, in shares of the image, are nothing once their coordinates are rounded. */
const NO_AREA = 1e-12;

/**
 * Checks the mask of a prompt by itself; whether it is of the photo's size shows once that is open
 * (prompting/mask-parts.ts). Its cost is bounded before its content is read.
 *
 * @throws KonturError `invalid-request` that names the place, the rule and the value
 */
export function checkMask(given: UncheckedMask): CheckedMask {
  // A program in JavaScript may give anything.
  if (typeof given !== 'object' || given === null) {
    throw refusal('mask must be an object with either polygons or rle.');
  }
  const { polygons, rle } = given;
  if ((polygons === undefined) === (rle === undefined)) {
    throw refusal(`mask must have either polygons or rle, got ${polygons === undefined ? 'neither' : 'both'}.`);
  }
  return polygons === undefined ? checkRunLengths(rle) : checkPolygons(polygons);
}

function checkPolygons(polygons: NonNullable<UncheckedMask['polygons']>): CheckedMask {
  checkCount('mask.polygons', polygons, { least: 1, most: MAX_MASK_POLYGONS, what: 'items' });
  const checked: { vertices: { x: number; y: number }[] }[] = [];
  let total = 0;
  for (const [index, polygon] of polygons.entries()) {
    const place = `mask.polygons[${index}].vertices`;
    checkCount(place, polygon?.vertices, { least: MIN_VERTICES, most: MAX_VERTICES, what: 'items' });
    total += polygon.vertices.length;
    if (total > MAX_MASK_VERTICES) {
      throw refusal(`mask.polygons must have at most ${MAX_MASK_VERTICES} vertices together.`);
    }
    checked.push({ vertices: polygon.vertices.map(({ x, y }, at) => checkVertex(`${place}[${at}]`, { x, y })) });
  }
  for (const [index, { vertices }] of checked.entries()) {
    const crossing = findCrossing(vertices);
    if (crossing) {
      throw refusal(
        `mask.polygons[${index}] crosses itself: the lines from vertices[${crossing[0]}] and vertices[${crossing[1]}]. Give the parts as several polygons.`,
      );
    }
  }
  const areas = checked.map(({ vertices }) => areaOf(vertices));
  if (areas.every((area) => area < NO_AREA)) throw empty('its polygons enclose no area');
  if (areas.some((area) => area > 1 - 1e-6)) throw everything();
  const corners = checked.flatMap(({ vertices }) => vertices);
  const bounds = { xMin: 1, yMin: 1, xMax: 0, yMax: 0 };
  for (const { x, y } of corners) {
    bounds.xMin = Math.min(bounds.xMin, x);
    bounds.yMin = Math.min(bounds.yMin, y);
    bounds.xMax = Math.max(bounds.xMax, x);
    bounds.yMax = Math.max(bounds.yMax, y);
  }
  return { mask: { polygons: checked }, around: bounds };
}

function checkVertex(place: string, vertex: { x: number; y: number }): { x: number; y: number } {
  for (const [name, value] of Object.entries(vertex)) {
    if (typeof value === 'number' && value >= 0 && value <= 1) continue;
    const remedy = value > 1 ? ` For a place in pixels, divide by the ${name === 'x' ? 'width' : 'height'}.` : '';
    throw refusal(
      `${place}.${name} must be from 0 to 1, got ${value}: coordinates are fractions of the upright image.${remedy}`,
    );
  }
  return vertex;
}

function checkRunLengths(rle: UncheckedMask['rle']): CheckedMask {
  const [height, width, ...others] = Array.isArray(rle?.size) ? rle.size : [];
  if (!isSide(height) || !isSide(width) || others.length > 0) {
    throw refusal(
      `mask.rle.size must be the height and the width of the upright image in pixels, such as [1080, 1920], each at most ${MAX_MASK_SIDE}, got ${JSON.stringify(rle?.size)}.`,
    );
  }
  const { counts } = rle ?? {};
  const isText = typeof counts === 'string';
  if (!isText && !Array.isArray(counts)) {
    throw refusal('mask.rle.counts must be a list of run lengths, or the compressed string of them.');
  }
  const most = isText ? MAX_MASK_TEXT : MAX_MASK_RUNS;
  checkCount('mask.rle.counts', counts, { least: 1, most, what: isText ? 'characters' : 'items' });
  const lengths = readLengths(counts);
  const sum = lengths.reduce((total, length) => total + length, 0);
  if (sum !== height * width) {
    throw refusal(
      `mask.rle.counts must sum to the pixels of its size, ${height} x ${width} = ${height * width}, got ${sum}.`,
    );
  }
  const set = lengths.reduce((total, length, run) => (run % 2 === 1 ? total + length : total), 0);
  if (set === 0) throw empty('its run lengths set no pixel');
  if (set === sum) throw everything();
  return { mask: { rle: { size: [height, width], counts } }, around: boundsOf(lengths, { height, width }) };
}

function readLengths(counts: string | number[]): readonly number[] {
  let lengths: readonly number[];
  try {
    lengths = readRunLengths(counts);
  } catch (error) {
    const reason = error instanceof RangeError ? error.message : String(error);
    throw refusal(`mask.rle.counts is not a string of COCO's run lengths: it ${reason}.`);
  }
  const wrong = lengths.findIndex((length) => !Number.isSafeInteger(length) || length < 0);
  if (wrong !== -1) {
    throw refusal(`mask.rle.counts[${wrong}] must be a whole number of pixels, got ${lengths[wrong]}.`);
  }
  if (lengths.length > MAX_MASK_RUNS) {
    throw refusal(`mask.rle.counts must have at most ${MAX_MASK_RUNS} runs, got ${lengths.length}.`);
  }
  return lengths;
}

/** Box around the set pixels, in fractions of the image. */
function boundsOf(lengths: readonly number[], { height, width }: { height: number; width: number }): BoundingBox {
  let [left, right, top, bottom] = [width, 0, height, 0];
  let start = 0;
  for (const [run, length] of lengths.entries()) {
    const end = start + length;
    if (run % 2 === 1 && length > 0) {
      const [first, last] = [Math.floor(start / height), Math.floor((end - 1) / height)];
      left = Math.min(left, first);
      right = Math.max(right, last + 1);
      top = first === last ? Math.min(top, start - first * height) : 0;
      bottom = first === last ? Math.max(bottom, end - first * height) : height;
    }
    start = end;
  }
  return { xMin: left / width, yMin: top / height, xMax: right / width, yMax: bottom / height };
}

function checkCount(
  place: string,
  list: { length: number } | undefined,
  { least, most, what }: { least: number; most: number; what: string },
): void {
  const isList = Array.isArray(list) || typeof list === 'string';
  if (!isList) throw refusal(`${place} must be a list.`);
  const { length } = list;
  if (length < least) throw refusal(`${place} must have at least ${least} ${what}, got ${length}.`);
  if (length > most) throw refusal(`${place} must have at most ${most} ${what}, got ${length}.`);
}

function areaOf(vertices: { x: number; y: number }[]): number {
  let doubled = 0;
  let previous = vertices.at(-1);
  for (const vertex of vertices) {
    if (previous) doubled += previous.x * vertex.y - vertex.x * previous.y;
    previous = vertex;
  }
  return Math.abs(doubled / 2);
}

const isSide = (side: unknown): side is number =>
  Number.isInteger(side) && (side as number) >= 1 && (side as number) <= MAX_MASK_SIDE;

const empty = (why: string) => refusal(`mask is empty: ${why}. Leave it out to start from nothing.`);
const everything = () =>
  refusal('mask covers the whole image, so it says nothing. Leave it out to start from nothing.');
const refusal = (message: string) => new KonturError('invalid-request', message);
