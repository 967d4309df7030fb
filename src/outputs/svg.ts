import type { Ring } from '#geometry/mask-polygon';
import type { ImageSize } from '#geometry/spaces';
import { defineFormat, type OutputSegment, roundPixels } from './output-format.ts';

/**
 * Converts segments of an image to an SVG drawing: one black path each, filled by the even-odd rule, so that holes are
 * open, with its label as title. The drawing has the size of the upright image, and its user units are that image's
 * pixels.
 */
export function toSvg({ imageWidth, imageHeight }: ImageSize, segments: readonly OutputSegment[]): string {
  const paths = segments.map(({ index, parts, label }) => {
    const rings = parts.flatMap(({ outer, holes }) => [outer, ...holes]);
    const path = `path id="segment-${index}" fill-rule="evenodd" d="${rings.map(toPath).join(' ')}"`;
    return label ? `<${path}><title>${escapeXml(label)}</title></path>` : `<${path}/>`;
  });
  const size = `width="${imageWidth}" height="${imageHeight}" viewBox="0 0 ${imageWidth} ${imageHeight}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>\n${paths.join('\n')}\n</svg>\n`;
}

/** Text of an element. Characters that XML 1.0 knows no way to write (section 2.2) become U+FFFD. */
const escapeXml = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');

const toPath = (ring: Ring): string => `M${ring.map(({ x, y }) => `${roundPixels(x)} ${roundPixels(y)}`).join('L')}Z`;

/** Output format `svg`: a drawing with one path. */
export const svg = defineFormat({
  name: 'svg',
  operationId: 'getSegmentSvg',
  extension: 'svg',
  mediaType: 'image/svg+xml',
  needs: [],
  writesAll: false,
  is: 'a path with holes, in pixels of the upright photo',
  summary: 'A segment as an SVG drawing',
  description: 'One path with open holes in a drawing as large as the upright image; user units are its pixels.',
  schema: { type: 'string' },
  options: {},
  write: (source) => toSvg(source, source.segments),
});
