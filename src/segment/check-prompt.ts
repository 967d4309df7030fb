import { KonturError } from '../contract/error-codes.ts';
import type { BoundingBox, Prompt, PromptPoint } from '../contract/prompt.ts';

/** A prompt as callers of the library write it: `label` is 1 (foreground) where it is left out. */
export interface PromptInput {
  points?: { x: number; y: number; label?: 0 | 1 }[];
  boundingBox?: BoundingBox;
}

/** Applies defaults. Throws `invalid-request`, naming the value, for what the API would refuse with 400 as well. */
export function checkPrompt({ points, boundingBox }: PromptInput): Prompt {
  if (points === undefined && boundingBox === undefined) {
    throw invalid('The prompt is empty: give points, a boundingBox, or both.');
  }
  if (points?.length === 0 && boundingBox === undefined) {
    throw invalid('points is empty and there is no boundingBox: give at least one of the two.');
  }
  const prompt: Prompt = {};
  if (points) prompt.points = checkPoints(points);
  if (boundingBox) prompt.boundingBox = checkBox(boundingBox);
  return prompt;
}

function checkPoints(points: NonNullable<PromptInput['points']>): PromptPoint[] {
  const firstAt = new Map<string, number>();
  return points.map(({ x, y, label = 1 }, index) => {
    checkFraction(x, `points[${index}].x`);
    checkFraction(y, `points[${index}].y`);
    if (label !== 0 && label !== 1) {
      throw invalid(`points[${index}].label is ${label}: it must be 1 (foreground) or 0 (background).`);
    }
    const same = firstAt.get(`${x},${y},${label}`);
    if (same !== undefined) throw invalid(`points[${index}] repeats points[${same}]: give each point once.`);
    firstAt.set(`${x},${y},${label}`, index);
    return { x, y, label };
  });
}

function checkBox({ xMin, yMin, xMax, yMax }: BoundingBox): BoundingBox {
  for (const [edge, value] of Object.entries({ xMin, yMin, xMax, yMax })) checkFraction(value, `boundingBox.${edge}`);
  if (xMin >= xMax) throw invalid(`boundingBox.xMin (${xMin}) must be less than xMax (${xMax}).`);
  if (yMin >= yMax) throw invalid(`boundingBox.yMin (${yMin}) must be less than yMax (${yMax}).`);
  return { xMin, yMin, xMax, yMax };
}

function checkFraction(value: number, name: string): void {
  if (typeof value === 'number' && value >= 0 && value <= 1) return;
  throw invalid(`${name} is ${value}: it must be a fraction of the image, from 0 to 1.`);
}

const invalid = (message: string) => new KonturError('invalid-request', message);
