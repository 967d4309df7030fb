import type { RawImage } from '../test/imaging/stored-orientation.ts';

/** A solid shape on textured ground, and which pixels it covers. */
export interface Scene extends RawImage {
  mask: Uint8Array;
  /** Box around the shape and a point within it, in fractions of the image. */
  boundingBox: { xMin: number; yMin: number; xMax: number; yMax: number };
  inside: { x: number; y: number };
}

interface Pixel {
  x: number;
  y: number;
}

const SHAPE_COLOUR = [235, 190, 40];

/**
 * Renders a bright shape, rotated so that no turn or flip of the image maps it onto itself, on dark noise. Colours
 * differ in brightness, so that the shape is as visible in grey. The same size gives the same scene.
 *
 * @param scale of the shape about its middle; at 1 it covers about a third of the image
 */
export function renderScene(width: number, height: number, shape: 'ellipse' | 'polygon' = 'ellipse', scale = 1): Scene {
  const coversFull = shape === 'ellipse' ? askewEllipse(width, height) : askewPolygon(width, height);
  const middle = { x: CENTRE.x * width, y: CENTRE.y * height };
  const covers = ({ x, y }: Pixel) =>
    coversFull({ x: middle.x + (x - middle.x) / scale, y: middle.y + (y - middle.y) / scale });
  const rgb = new Uint8Array(width * height * 3);
  const mask = new Uint8Array(width * height);
  const noise = createNoise();
  const box = { left: width, top: height, right: 0, bottom: 0 };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const covered = covers({ x: x + 0.5, y: y + 0.5 });
      const grain = noise();
      const at = y * width + x;
      mask[at] = covered ? 1 : 0;
      rgb.set(covered ? SHAPE_COLOUR : [30 + grain * 50, 50 + grain * 60, 60 + noise() * 60], at * 3);
      if (!covered) continue;
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x + 1);
      box.top = Math.min(box.top, y);
      box.bottom = Math.max(box.bottom, y + 1);
    }
  }
  return {
    rgb,
    width,
    height,
    mask,
    boundingBox: {
      xMin: box.left / width,
      yMin: box.top / height,
      xMax: box.right / width,
      yMax: box.bottom / height,
    },
    inside: { x: CENTRE.x, y: CENTRE.y },
  };
}

/** Centre of the shape, off the middle, in fractions of the image. */
const CENTRE = { x: 0.42, y: 0.46 };

function askewEllipse(width: number, height: number): (pixel: Pixel) => boolean {
  // In a long image the shape stays at most three times as long as wide.
  const longest = 3 * Math.min(width, height);
  const radii = [0.32 * Math.min(width, longest), 0.3 * Math.min(height, longest)];
  const shear = 0.15;
  return ({ x, y }) => {
    const dy = (y - CENTRE.y * height) / radii[1]!;
    const dx = (x - CENTRE.x * width) / radii[0]! - shear * dy;
    return dx * dx + dy * dy <= 1;
  };
}

/** A convex quadrilateral around the centre. */
function askewPolygon(width: number, height: number): (pixel: Pixel) => boolean {
  const corners = [
    { x: 0.12, y: 0.2 },
    { x: 0.8, y: 0.12 },
    { x: 0.7, y: 0.78 },
    { x: 0.2, y: 0.88 },
  ].map(({ x, y }) => ({ x: x * width, y: y * height }));
  return ({ x, y }) =>
    corners.every((from, i) => {
      const to = corners[(i + 1) % corners.length]!;
      return (to.x - from.x) * (y - from.y) - (to.y - from.y) * (x - from.x) >= 0;
    });
}

/** Random numbers from 0 to 1, the same in every run. */
function createNoise(): () => number {
  let state = 12345;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
