import type { Segmenter, SegmenterOptions } from './segmenter.ts';
import { startSegmenter } from './start-segmenter.ts';

export type { FormatOptions, Segmenter, SegmenterOptions, SegmentResult } from './segmenter.ts';

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
 */
export async function createSegmenter(options: SegmenterOptions = {}): Promise<Segmenter> {
  const { ready, ...segmenter } = await startSegmenter(options);
  await ready().catch(async (error) => {
    await segmenter.close();
    throw error;
  });
  return segmenter;
}
