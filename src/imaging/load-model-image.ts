import { fitToModel, type ModelFrame } from '../geometry/spaces.ts';
import { openImage, readPixels } from './open-image.ts';

/** An image as it is laid into the model's square: `rgb` has `modelWidth * modelHeight * 3` bytes, row by row. */
export interface ModelImage extends ModelFrame {
  rgb: Uint8Array;
}

/**
 * Reads an image file for the encoder: upright, in sRGB, its longest side scaled to 1024 pixels, small images up. The scaling
 * is bilinear, widened to average over all source pixels where it shrinks, as SAM's `ResizeLongestSide`.
 * Throws the errors of open-image.ts.
 */
export async function loadModelImage(path: string, limits: { maxPixels: number }): Promise<ModelImage> {
  const { imageWidth, imageHeight, scaledTo } = await openImage(path, limits);
  const frame = fitToModel(imageWidth, imageHeight);
  const rgb = await readPixels(scaledTo(frame.modelWidth, frame.modelHeight).raw().toBuffer());
  return { rgb, ...frame };
}
