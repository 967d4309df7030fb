import { KonturError } from '../errors.ts';
import { checkMask } from './check-mask.ts';
import type { BoundingBox, Prompt, PromptPoint } from './prompt.ts';
import type { UncheckedMask } from './prompt-mask.ts';

/** A prompt as a client gives it. */
export interface UncheckedPrompt {
  points?: { x: number; y: number; label?: number }[];
  boundingBox?: BoundingBox;
  /** An outline that points and box correct; alone, it is answered as it stands. Kontur's own operations take it. */
  mask?: UncheckedMask;
}

const DEFAULT_LABEL = 1;

/**
 * Checks a prompt against the rules, only some of which a schema can express, and returns it with its defaults applied.
 * An empty list of points next to a box counts as no points (docs/contract.md#segment-prompt,
 * docs/contract.md#segment-points).
 *
 * @throws KonturError `invalid-request` that names the place, the rule and the value
 */
export function checkPrompt(prompt: UncheckedPrompt, maxPoints: number): Prompt {
  // A program in JavaScript may leave it out.
  if (typeof prompt !== 'object' || prompt === null) {
    throw refusal(
      'The prompt is missing: say what to cut out, such as { points: [{ x: 0.5, y: 0.5 }] } or { boundingBox: { xMin: 0.2, yMin: 0.2, xMax: 0.8, yMax: 0.8 } }.',
    );
  }
  const { points = [], boundingBox, mask } = prompt;
  if (!Array.isArray(points)) throw refusal('points must be a list, such as [{ x: 0.5, y: 0.5 }].');
  if (points.length === 0 && boundingBox === undefined && mask === undefined) {
    throw refusal('The prompt is empty: give at least one point in points, or a boundingBox.');
  }
  if (points.length > maxPoints) {
    throw refusal(`points must have at most ${maxPoints} items, got ${points.length}.`);
  }
  const checked: Prompt = {};
  if (points.length > 0) checked.points = checkPoints(points);
  if (boundingBox !== undefined) checked.boundingBox = checkBoundingBox(boundingBox);
  if (mask === undefined) return checked;
  const { mask: checkedMask, around } = checkMask(mask);
  const isAlone = points.length === 0 && boundingBox === undefined;
  return { ...checked, mask: checkedMask, ...(isAlone && { boundingBox: around, isMaskAlone: true as const }) };
}

function checkPoints(points: NonNullable<UncheckedPrompt['points']>): PromptPoint[] {
  const firstWith = new Map<string, number>();
  return points.map(({ x, y, label = DEFAULT_LABEL }, index) => {
    const place = `points[${index}]`;
    checkCoordinates(place, { x, y });
    if (label !== 0 && label !== 1)
      throw refusal(`${place}.label must be 0 (background) or 1 (foreground), got ${label}.`);
    const key = `${x},${y},${label}`;
    const twin = firstWith.get(key);
    if (twin !== undefined) throw refusal(`points[${twin}] and ${place} are the same; each point may be given once.`);
    firstWith.set(key, index);
    return { x, y, label };
  });
}

function checkBoundingBox({ xMin, yMin, xMax, yMax }: BoundingBox): BoundingBox {
  checkCoordinates('boundingBox', { xMin, yMin, xMax, yMax });
  for (const [low, high, names] of [
    [xMin, xMax, ['xMin', 'xMax']],
    [yMin, yMax, ['yMin', 'yMax']],
  ] as const) {
    if (low >= high) {
      throw refusal(`boundingBox.${names[0]} must be less than boundingBox.${names[1]}, got ${low} and ${high}.`);
    }
  }
  return { xMin, yMin, xMax, yMax };
}

function checkCoordinates(place: string, coordinates: Record<string, number>): void {
  for (const [name, value] of Object.entries(coordinates)) {
    if (typeof value !== 'number' || !(value >= 0 && value <= 1)) {
      const side = name.startsWith('x') ? 'width' : 'height';
      const remedy = value > 1 ? ` For a place in pixels, divide by the ${side} of the upright image.` : '';
      throw refusal(
        `${place}.${name} must be from 0 to 1, got ${value}: coordinates are fractions of the image.${remedy}`,
      );
    }
  }
}

const refusal = (message: string) => new KonturError('invalid-request', message);
