import type { Ring } from './mask-polygon.ts';
import { type OutputSegment, roundPixels } from './output-segment.ts';
import type { ImageSize } from './spaces.ts';

/**
 * Segments of an image as an SVG drawing: a black path each, filled by the even-odd rule, so that holes are open; nothing else
 * is drawn. The drawing is as large as the upright image, and its user units are that image's pixels.
 */
export function toSvg({ imageWidth, imageHeight }: ImageSize, segments: readonly OutputSegment[]): string {
  const paths = segments.map(({ index, parts }) => {
    const rings = parts.flatMap(({ outer, holes }) => [outer, ...holes]);
    return `<path id="segment-${index}" fill-rule="evenodd" d="${rings.map(toPath).join(' ')}"/>`;
  });
  const size = `width="${imageWidth}" height="${imageHeight}" viewBox="0 0 ${imageWidth} ${imageHeight}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>\n${paths.join('\n')}\n</svg>\n`;
}

const toPath = (ring: Ring): string => `M${ring.map(({ x, y }) => `${roundPixels(x)} ${roundPixels(y)}`).join('L')}Z`;
