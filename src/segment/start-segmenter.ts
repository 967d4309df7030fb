import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { checkPrompt } from '#contract/vision/check-prompt';
import type { Prompt } from '#contract/vision/prompt';
import { toWirePolygons } from '#outputs/to-wire-polygons';
import { countCores } from '../config/count-cores.ts';
import { USER_MODELS } from '../config/default-folders.ts';
import { createEngine } from '../engine/create-engine.ts';
import type { ImageFile } from '../engine/image-file.ts';
import { hashFile } from '../models/checksums.ts';
import { openModel } from '../models/open-model.ts';
import { formatResult } from './format-result.ts';
import { locatePhoto } from './locate-photo.ts';
import { openCacheFolder } from './open-cache-folder.ts';
import { segmentImage } from './segment-image.ts';
import type { Segmenter, SegmenterOptions, SegmentResult } from './segmenter.ts';
import { createTemporaryImages } from './temporary-images.ts';
import { withPlainName } from './with-plain-name.ts';

/** A segmenter whose engine may still be starting: calls are answered as soon as the parts that they need are ready. */
export interface StartedSegmenter extends Segmenter {
  /** Resolves once the engine is ready; rejects if it cannot start. */
  ready(): Promise<void>;
}

/** Options of a segmenter whose start is not awaited. */
export interface StartOptions extends SegmenterOptions {
  /** For programs that segment one image and end (engine/single-process.ts). Default: false. */
  singleProcess?: boolean;
}

/** Points in a prompt are unlimited: a program that calls the library bounds its own input. */
const ANY_NUMBER = Number.POSITIVE_INFINITY;

/**
 * Starts a segmenter without waiting for its engine, so that a photo is encoded while the decoder is still being
 * opened. Other errors of the start are thrown by `ready` and `segment`.
 *
 * @throws KonturError `unavailable` if the model cannot be found
 */
export async function startSegmenter(options: StartOptions): Promise<StartedSegmenter> {
  const model = await openModel(options.model ?? 'mobilesam', resolve(options.modelsDir ?? USER_MODELS));
  const { detailWindows = true, maxPixels = 110_000_000 } = options;
  const temporary = await createTemporaryImages();
  const cacheDir = await openCacheFolder(options.cacheDir, temporary.folder).catch(async (error) => {
    await temporary.remove();
    throw error;
  });
  const engine = createEngine({
    settings: {
      model,
      cacheDir,
      threads: options.threads ?? countCores(),
      maxPixels,
      precision: options.precision ?? 'auto',
      provider: options.provider ?? 'cpu',
      aspectBuckets: options.aspectBuckets ?? true,
    },
    embeddingCacheBytes: (options.embeddingCacheMb ?? 256) * 1024 * 1024,
    singleProcess: options.singleProcess,
  });
  const close = async () => {
    await engine.close();
    await temporary.remove();
  };

  async function segmentFile(image: ImageFile, prompt: Prompt, signal?: AbortSignal): Promise<SegmentResult> {
    const { imageWidth, imageHeight, segments } = await segmentImage({ engine, detailWindows }, image, prompt, signal);
    const size = { imageWidth, imageHeight };
    return {
      ...size,
      prompt,
      segments: segments.map(({ score, parts }) => ({ score, polygons: toWirePolygons(parts, size), parts })),
    };
  }

  return {
    segment: async (image, unchecked, signal) => {
      const prompt = checkPrompt(unchecked, ANY_NUMBER);
      const located = await locatePhoto(image);
      if ('path' in located) {
        const contentHash = await hashFile(located.path);
        return withPlainName(located.path, (path) => segmentFile({ path, contentHash }, prompt, signal));
      }
      const { bytes } = located;
      const contentHash = createHash('sha256').update(bytes).digest('hex');
      return temporary.withFile(contentHash, bytes, (path) => segmentFile({ path, contentHash }, prompt, signal));
    },
    format: async (result, name, formatOptions = {}) => {
      const written = await formatResult(result, name, { ...formatOptions, maxPixels });
      return written instanceof Readable ? buffer(written) : written;
    },
    ready: engine.ready,
    close,
  };
}
