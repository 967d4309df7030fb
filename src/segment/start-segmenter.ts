import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkPrompt, type UncheckedPrompt } from '#contract/vision/check-prompt';
import { countCores } from '../config/count-cores.ts';
import { createEngine, type EngineOptions } from '../engine/create-engine.ts';
import { openModel } from '../models/open-model.ts';
import { segmentImage } from './segment-image.ts';
import type { Segmenter, SegmenterOptions } from './segmenter.ts';
import { createTemporaryImages } from './temporary-images.ts';
import { toWireSegments } from './to-wire-segments.ts';

/** A segmenter whose engine may still be on its way: what is asked meanwhile is done as soon as a part of it can. */
export interface StartedSegmenter extends Segmenter {
  /** Resolves once the engine is ready. Throws what keeps it from that. */
  ready(): Promise<void>;
}

export type StartOptions = SegmenterOptions & Pick<EngineOptions, 'forkedEngine'>;

/** Of points in a prompt: a program that calls the library bounds its own input. */
const ANY_NUMBER = Number.POSITIVE_INFINITY;

/**
 * Starts a segmenter without waiting for its engine, so that a photo is encoded while the decoder is still being opened. Throws what
 * keeps the model from being found; whatever else goes wrong at the start, `ready` and `segment` throw.
 */
export async function startSegmenter(options: StartOptions): Promise<StartedSegmenter> {
  const model = await openModel(options.model ?? 'mobilesam', resolve(options.modelsDir ?? 'data/models'));
  const { detailWindows = true } = options;
  const temporary = await createTemporaryImages();
  const engine = createEngine({
    model,
    provider: options.provider,
    cacheDir: options.cacheDir ?? join(temporary.folder, 'cache'),
    threads: options.threads ?? countCores(),
    maxPixels: options.maxPixels ?? 100_000_000,
    embeddingCacheBytes: (options.embeddingCacheMb ?? 256) * 1024 * 1024,
    precision: options.precision,
    aspectBuckets: options.aspectBuckets,
    forkedEngine: options.forkedEngine,
  });
  const close = async () => {
    await engine.close();
    await temporary.remove();
  };

  async function segmentFile(path: string, contentHash: string, prompt: UncheckedPrompt, signal?: AbortSignal) {
    const checked = checkPrompt(prompt, ANY_NUMBER);
    const segmented = await segmentImage({ engine, detailWindows }, { path, contentHash }, checked, signal);
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
    ready: engine.ready,
    close,
  };
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}
