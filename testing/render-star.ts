import sharp, { type Sharp } from 'sharp';
import type { BoundingBox } from '#contract/vision/prompt';
import type { MaskPolygon } from '#geometry/mask-polygon';
import { pixelPoint } from '#geometry/spaces';

/** A striped star with five narrow arms, rotated slightly. */
export interface Star {
  /** Its outline in pixels of the photo: the truth. */
  part: MaskPolygon;
  boundingBox: BoundingBox;
}

interface PhotoSize {
  width: number;
  height: number;
}

/** Places a star about `2 * radius` pixels wide. All of it has to lie in the photo. */
export function placeStar(middle: { x: number; y: number }, radius: number, { width, height }: PhotoSize): Star {
  const outer = Array.from({ length: 10 }, (_, corner) => {
    const reach = corner % 2 === 0 ? radius : 0.45 * radius;
    const angle = (corner / 10) * 2 * Math.PI - 1.2;
    return pixelPoint(middle.x + reach * Math.cos(angle), middle.y + reach * Math.sin(angle));
  });
  const xs = outer.map(({ x }) => x / width);
  const ys = outer.map(({ y }) => y / height);
  const boundingBox = { xMin: Math.min(...xs), yMin: Math.min(...ys), xMax: Math.max(...xs), yMax: Math.max(...ys) };
  return { part: { outer, holes: [] }, boundingBox };
}

const TILE = 200;

/** Renders a photo of stars on dark noise. */
export function renderStars(stars: Star[], { width, height }: PhotoSize): Sharp {
  let state = 1;
  const grain = Array.from({ length: TILE * TILE * 3 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 40 + (state >>> 24) / 5;
  });
  const shapes = stars.map(({ part }) => {
    const points = part.outer.map(({ x, y }) => `${x},${y}`).join(' ');
    return `<polygon points="${points}" fill="url(#stripes)"/>`;
  });
  const stripes = `<pattern id="stripes" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(30)">
    <rect width="6" height="6" fill="#e8b828"/><rect width="3" height="6" fill="#d09010"/></pattern>`;
  const svg = `<svg width="${width}" height="${height}"><defs>${stripes}</defs>${shapes.join('')}</svg>`;
  const layers = [
    { input: Buffer.from(grain), raw: { width: TILE, height: TILE, channels: 3 as const }, tile: true },
    { input: Buffer.from(svg), left: 0, top: 0 },
  ];
  return sharp({ create: { width, height, channels: 3, background: '#333' } })
    .composite(layers)
    .removeAlpha();
}
