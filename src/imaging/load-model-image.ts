import type { ImageWindow } from '#geometry/image-window';
import { fitToModel, MODEL_SIDE, type ModelFrame } from '#geometry/spaces';
import { type ImageLimits, openImage } from './open-image.ts';

/** An image as it is placed in the model's square: `rgb` has `modelWidth * modelHeight * 3` bytes, row by row. */
export interface ModelImage extends ModelFrame {
  rgb: Uint8Array;
}

/**
 * Opens an image file for the encoder: upright, in sRGB, its longest side scaled to 1024 pixels (small images are
 * scaled up); with the fit `stretch`, which newer models than SAM were trained with, its shorter side too. The scaling
 * is bilinear, widened to average over all source pixels where it shrinks, as SAM's `ResizeLongestSide`. With a window,
 * that part is treated as the image.
 *
 * @returns how it lies in the model's square, and a function that reads its pixels, as `rgb` of `ModelImage`, in
 *   another thread
 * @throws the errors of `openImage`
 */
export async function openModelImage(
  path: string,
  limits: ImageLimits,
  { fit = 'pad', window }: { fit?: 'pad' | 'stretch'; window?: ImageWindow } = {},
): Promise<{ frame: ModelFrame; read(): Promise<Uint8Array> }> {
  const { read: readScaled, ...whole } = await openImage(path, limits);
  const { imageWidth, imageHeight } = window ? { imageWidth: window.width, imageHeight: window.height } : whole;
  const stretched = { imageWidth, imageHeight, modelWidth: MODEL_SIDE, modelHeight: MODEL_SIDE };
  const frame = fit === 'stretch' ? stretched : fitToModel(imageWidth, imageHeight);
  const size = { width: frame.modelWidth, height: frame.modelHeight, window };
  const read = () => readScaled(size, (picture) => picture.raw().toBuffer());
  return { frame, read };
}

/** Opens an image file for the encoder and reads its pixels. */
export async function loadModelImage(...args: Parameters<typeof openModelImage>): Promise<ModelImage> {
  const { frame, read } = await openModelImage(...args);
  return { rgb: await read(), ...frame };
}
