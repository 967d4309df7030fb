import sharp, { type Sharp } from 'sharp';

/** An image with something of everything: a gradient, edges and grain, so that no two parts of its file are alike. */
export function photoLike(width: number, height: number): Sharp {
  let state = 7;
  const rgb = new Uint8Array(width * height * 3);
  for (let at = 0; at < rgb.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const pixel = Math.floor(at / 3);
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const disc = (x - width / 2) ** 2 + (y - height / 2) ** 2 < (height / 4) ** 2;
    const base = [(200 * x) / width, (200 * y) / height, 90][at % 3]!;
    rgb[at] = Math.min(255, base + (disc ? 55 : 0) + (state >>> 28));
  }
  return sharp(rgb, { raw: { width, height, channels: 3 } });
}
