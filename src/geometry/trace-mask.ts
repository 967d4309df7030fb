import { type MaskPolygon, type Ring, ringContains, signedArea } from './mask-polygon.ts';
import { type PixelPoint, pixelPoint } from './spaces.ts';

/** Steps along the edges of pixels: right, down, left, up. */
const STEPS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;
/** Pixels ahead of a corner, on the right and on the left of each step, from the corner. */
const AHEAD = [
  { right: [0, 0], left: [0, -1] },
  { right: [-1, 0], left: [0, 0] },
  { right: [-1, -1], left: [-1, 0] },
  { right: [0, -1], left: [-1, -1] },
] as const;
/** How much of a corner is cut off where two pixels touch at it alone: less than half a pixel, so no centre is. */
const CUT = 0.25;

/**
 * Traces a mask of pixels to its parts with their holes, largest first, in pixels of the mask: along the edges of its
 * pixels. Pixels that touch at a corner alone are apart; that corner is cut off, so that rings neither cross nor touch.
 * `rasterise` gives back the same mask.
 *
 * @param mask row-major, `width * height` long; 1 is inside
 */
export function traceMask(mask: Uint8Array, width: number, height: number): MaskPolygon[] {
  const isInside = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && mask[y * width + x] === 1;
  const walked = new Uint8Array(width * height);
  const rings: Ring[] = [];

  /** Follows an outline from the top edge of a pixel, with the inside on the right. */
  const follow = (startX: number, startY: number): Ring => {
    const ring: PixelPoint[] = [];
    let [x, y, step] = [startX, startY, 0];
    do {
      if (step === 0) walked[y * width + x] = 1;
      const [dx, dy] = STEPS[step] ?? STEPS[0];
      x += dx;
      y += dy;
      const { right, left } = AHEAD[step] ?? AHEAD[0];
      const isRight = isInside(x + right[0], y + right[1]);
      const isLeft = isInside(x + left[0], y + left[1]);
      if (isRight && !isLeft) continue;
      const next = (step + (isRight ? 3 : 1)) % 4;
      if (!isRight && isLeft) {
        const [nextX, nextY] = STEPS[next] ?? STEPS[0];
        ring.push(pixelPoint(x - CUT * dx, y - CUT * dy), pixelPoint(x + CUT * nextX, y + CUT * nextY));
      } else ring.push(pixelPoint(x, y));
      step = next;
    } while (x !== startX || y !== startY || step !== 0);
    return ring;
  };

  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const place = y * width + x;
      if (mask[place] === 1 && walked[place] === 0 && !isInside(x, y - 1)) rings.push(follow(x, y));
    }
  }
  return nestRings(rings);
}

/** Puts each hole into the smallest outline around it; outlines have a positive signed area, holes a negative one. */
function nestRings(rings: readonly Ring[]): MaskPolygon[] {
  const parts = rings
    .filter((ring) => signedArea(ring) > 0)
    .sort((a, b) => signedArea(b) - signedArea(a))
    .map((outer): MaskPolygon => ({ outer, holes: [] }));
  const [largest, ...others] = parts;
  for (const hole of rings.filter((ring) => signedArea(ring) < 0)) {
    const [corner] = hole;
    const around = corner && others.findLast(({ outer }) => ringContains(outer, corner));
    (around ?? largest)?.holes.push(hole);
  }
  return parts;
}
