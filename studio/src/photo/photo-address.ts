import type { View } from '../canvas/viewport.ts';
import type { ObjectPrompt, PromptPoint } from '../objects/photo-object.ts';

/** What of the screen of a photo is in its address: the prompt of the active object, and zoom and middle. */
export interface PhotoAddress {
  prompt?: ObjectPrompt;
  view?: View;
}

/** Most points that are taken from an address. */
const MOST_POINTS = 1000;

/** Query of the address of a photo, without a question mark, such as `points=0.2,0.3,1&view=1.5,0.5,0.5`. */
export function formatPhotoAddress({ prompt, view }: PhotoAddress): string {
  const parts: string[] = [];
  if (prompt !== undefined && prompt.points.length > 0) {
    parts.push(`points=${prompt.points.map(({ x, y, label }) => `${x},${y},${label}`).join(';')}`);
  }
  if (prompt?.boundingBox !== undefined) {
    const { xMin, yMin, xMax, yMax } = prompt.boundingBox;
    parts.push(`box=${[xMin, yMin, xMax, yMax].join(',')}`);
  }
  if (view !== undefined) parts.push(`view=${[view.scale, view.x, view.y].map(shorten).join(',')}`);
  return parts.join('&');
}

/** Reads the query of an address. Parts that say nothing sensible are left out. */
export function parsePhotoAddress(query: URLSearchParams): PhotoAddress {
  const points = readPoints(query.get('points'));
  const boundingBox = readBox(query.get('box'));
  const view = readView(query.get('view'));
  const hasPrompt = points.length > 0 || boundingBox !== undefined;
  return {
    ...(hasPrompt && { prompt: { points, ...(boundingBox && { boundingBox }) } }),
    ...(view && { view }),
  };
}

/** A zoom need not come back to the last digit. */
const shorten = (value: number): string => String(Number(value.toPrecision(6)));

const readNumbers = (text: string): number[] =>
  text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));

const isUnit = (value: number | undefined): value is number => value !== undefined && value >= 0 && value <= 1;

function readPoints(text: string | null): PromptPoint[] {
  const points: PromptPoint[] = [];
  for (const part of (text ?? '').split(';').slice(0, MOST_POINTS)) {
    const [x, y, label = 1] = readNumbers(part);
    if (!isUnit(x) || !isUnit(y) || (label !== 0 && label !== 1)) continue;
    if (!points.some((point) => point.x === x && point.y === y)) points.push({ x, y, label });
  }
  return points;
}

function readBox(text: string | null): ObjectPrompt['boundingBox'] {
  const [xMin, yMin, xMax, yMax] = readNumbers(text ?? '');
  if (!isUnit(xMin) || !isUnit(yMin) || !isUnit(xMax) || !isUnit(yMax)) return undefined;
  return xMin < xMax && yMin < yMax ? { xMin, yMin, xMax, yMax } : undefined;
}

function readView(text: string | null): View | undefined {
  const [scale, x, y] = readNumbers(text ?? '');
  const isView = isUnit(x) && isUnit(y) && scale !== undefined && scale > 0 && Number.isFinite(scale);
  return isView ? { scale, x, y } : undefined;
}
