import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join, resolve } from 'node:path';
import { countCores } from '../config/count-cores.ts';
import { checkPrompt, type UncheckedPrompt } from '../contract/check-prompt.ts';
import type { Segment } from '../contract/segment-job.ts';
import type { MaskPolygon } from '../geometry/mask-polygon.ts';
import type { ImageSize } from '../geometry/spaces.ts';
import { createInference } from '../inference/create-inference.ts';
import type { PrecisionSetting } from '../models/choose-precision.ts';
import { openModel } from '../models/open-model.ts';
import { segmentImage } from './segment-image.ts';
import { createTemporaryImages } from './temporary-images.ts';
import { toWireSegments } from './to-wire-segments.ts';

export interface SegmenterOptions {
  /** Folder that keeps the prepared graphs, which saves a second at each start. Default: prepared anew in a temporary folder. */
  cacheDir?: string;
  /** Threads for the model. Default: one for each core that this process may use. */
  threads?: number;
  /** Larger images are refused before they are decoded. Default: 100 million pixels. */
  maxPixels?: number;
  /** Memory for embeddings, so that the next prompt on a known image takes milliseconds. Default: 256 MB, about 120 images. */
  embeddingCacheMb?: number;
  /** What the image encoder computes in. Default: `auto`, `int8` on processors known to be faster with it, else `fp32`. */
  precision?: PrecisionSetting;
  /** Photos that are not square are encoded without most of their padding, which takes less time. Default: true. */
  aspectBuckets?: boolean;
  /** What is small in a large photo is looked at more closely: in a part of it, at its own resolution. Default: true. */
  detailWindows?: boolean;
  /** Model by its name in `kontur models list`. Default: `mobilesam`, which comes with the package. */
  model?: string;
  /** Folder that `kontur models pull` put it into. Default: `./data/models`. */
  modelsDir?: string;
  /** Execution provider of onnxruntime. Default: `cpu`. */
  provider?: string;
}

/** `image` is a JPEG or PNG: its bytes, or the path of a file. */
export interface Segmenter {
  /**
   * Cuts out what the prompt marks. Coordinates are fractions 0..1 of the upright image, from its top-left corner. One point
   * gives up to three segments, best first, a box or several points at most one.
   * Throws KonturError: `invalid-request` for the prompt, `image-…` for the image, `internal` or `unavailable` for the engine;
   * the signal's reason when aborted.
   */
  segment(
    image: Uint8Array | ArrayBuffer | string,
    prompt: UncheckedPrompt,
    signal?: AbortSignal,
  ): Promise<SegmentResult>;
  /** Ends the engine's processes and removes temporary files. */
  close(): Promise<void>;
}

export interface SegmentResult extends ImageSize {
  /** `polygons` as the API answers them, in unit coordinates with holes seamed in; `parts` in pixels, with real holes. */
  segments: (Segment & { parts: MaskPolygon[] })[];
}

/** Of points in a prompt: a program that calls the library bounds its own input. */
const ANY_NUMBER = Number.POSITIVE_INFINITY;

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
  const model = await openModel(options.model ?? 'mobilesam', resolve(options.modelsDir ?? 'data/models'));
  const { detailWindows = true } = options;
  const temporary = await createTemporaryImages();
  const inference = createInference({
    model,
    provider: options.provider,
    cacheDir: options.cacheDir ?? join(temporary.folder, 'cache'),
    threads: options.threads ?? countCores(),
    maxPixels: options.maxPixels ?? 100_000_000,
    embeddingCacheBytes: (options.embeddingCacheMb ?? 256) * 1024 * 1024,
    precision: options.precision,
    aspectBuckets: options.aspectBuckets,
  });
  const close = async () => {
    await inference.close();
    await temporary.remove();
  };
  await inference.ready().catch(async (error) => {
    await close();
    throw error;
  });

  async function segmentFile(path: string, contentHash: string, prompt: UncheckedPrompt, signal?: AbortSignal) {
    const checked = checkPrompt(prompt, ANY_NUMBER);
    const segmented = await segmentImage({ inference, detailWindows }, { path, contentHash }, checked, signal);
    const wire = toWireSegments(segmented);
    return { ...segmented, segments: segmented.segments.map(({ parts }, index) => ({ ...wire[index]!, parts })) };
  }

  return {
    segment: async (image, prompt, signal) => {
      checkPrompt(prompt, ANY_NUMBER);
      if (typeof image === 'string') return segmentFile(image, await hashFile(image), prompt, signal);
      const bytes = image instanceof ArrayBuffer ? new Uint8Array(image) : image;
      const contentHash = createHash('sha256').update(bytes).digest('hex');
      return temporary.withFile(contentHash, bytes, (path) => segmentFile(path, contentHash, prompt, signal));
    },
    close,
  };
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}
