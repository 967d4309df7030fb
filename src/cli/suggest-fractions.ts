import type { UncheckedPrompt } from '#contract/vision/check-prompt';
import { openImage } from '../imaging/open-image.ts';

/**
 * What to write instead of coordinates in pixels, for the photo at hand; an empty text if the prompt has none or mixes
 * both, or if they do not lie in the photo.
 */
export async function suggestFractions(
  { points = [], boundingBox }: UncheckedPrompt,
  photo: string,
  maxPixels: number,
): Promise<string> {
  const box = boundingBox && [boundingBox.xMin, boundingBox.yMin, boundingBox.xMax, boundingBox.yMax];
  const given = [...points.map(({ x, y }) => [x, y]), ...(box === undefined ? [] : [box])];
  const isFraction = (value: number) => value > 0 && value < 1;
  if (!given.flat().some((value) => value > 1) || given.flat().some(isFraction)) return '';
  const { imageWidth, imageHeight } = await openImage(photo, { maxPixels });
  const toFraction = (value: number, index: number) =>
    Math.round((value / (index % 2 === 0 ? imageWidth : imageHeight)) * 1e4) / 1e4;
  const fractions = given.map((values) => values.map(toFraction));
  if (fractions.flat().some((value) => value < 0 || value > 1)) return '';
  const words = fractions.map((values, index) => {
    const label = points[index]?.label === 0 ? ',0' : '';
    return `--${values.length === 2 ? 'point' : 'box'} ${values.join(',')}${label}`;
  });
  return ` If you mean pixels of this photo of ${imageWidth} x ${imageHeight}, write ${words.join(' ')}.`;
}
