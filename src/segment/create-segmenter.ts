import type { Segmenter, SegmenterOptions } from './segmenter.ts';
import { startSegmenter } from './start-segmenter.ts';

/**
 * Segments images in this process's own engine, without a server.
 *
 * @example
 * import { createSegmenter } from 'kontur-segment';
 *
 * const segmenter = await createSegmenter();
 * const { imageWidth, segments } = await segmenter.segment('photo.jpg', { points: [{ x: 0.5, y: 0.5 }] });
 * for (const { score, polygons } of segments) console.log(score, polygons[0].vertices.length, imageWidth);
 * await segmenter.close();
 *
 * @example
 * import { createSegmenter, KonturError } from 'kontur-segment';
 *
 * const segmenter = await createSegmenter();
 * try {
 *   await segmenter.segment('photo.jpg', { boundingBox: { xMin: 0.8, yMin: 0.2, xMax: 0.2, yMax: 0.8 } });
 * } catch (error) {
 *   if (!(error instanceof KonturError)) throw error;
 *   console.log(error.code, error.origin, error.message); // invalid-request request …
 * } finally {
 *   await segmenter.close();
 * }
 *
 * @throws KonturError `unavailable` where the model is unknown or not installed, or its graphs cannot be opened
 */
export async function createSegmenter(options: SegmenterOptions = {}): Promise<Segmenter> {
  const { ready, ...segmenter } = await startSegmenter(options);
  await ready().catch(async (error) => {
    await segmenter.close();
    throw error;
  });
  return segmenter;
}
