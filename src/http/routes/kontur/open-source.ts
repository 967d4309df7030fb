import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import type { OutputNeed, OutputSource, Raster } from '#outputs/output-format';
import { encodeMaskPng } from '../../../imaging/encode-mask-png.ts';
import { toRings } from '../../../jobs/old-results.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import type { FoundSegments } from './find-segments.ts';
import { openImageOfJob } from './open-image-of-file.ts';

/** Segments in the form that a format's `write` takes, and the functions that make pictures for it. */
export interface OpenSource {
  source: OutputSource;
  raster: Raster<Readable>;
}

/**
 * Prepares the input of an output format with these needs. The photo is opened only if one of them requires it, or if
 * the job is so old that its result has no image size.
 *
 * @throws KonturError as `openImageOfJob` does; `busy` and the `image-` group when the photo is measured
 */
export async function openSource(
  { images, pictures }: Pick<AppDependencies, 'images' | 'pictures'>,
  request: FastifyRequest,
  { job, result, indices }: FoundSegments,
  { needs, signal }: { needs: readonly OutputNeed[]; signal: AbortSignal },
): Promise<OpenSource> {
  let opened: ReturnType<typeof openImageOfJob> | undefined;
  const open = () => {
    opened ??= openImageOfJob({ images }, request, job, signal);
    return opened;
  };
  const isOld = 'polygons' in result;
  const { imageWidth, imageHeight } = isOld ? await pictures.measure(await open(), signal) : result;
  const size = { imageWidth, imageHeight };
  const all = isOld ? toRings(result, size) : result.segments;
  const raster: Raster<Readable> = {
    encodeMask: encodeMaskPng,
    cutOut: async (parts) => pictures.cutOut(await open(), parts, signal),
    giveWay: () => setImmediate(),
    draw: async (segments, prompt) => pictures.draw(await open(), { segments, prompt }, signal),
  };
  const source = {
    ...size,
    photo: { id: job.file.fileId, name: needs.includes('name') ? (await open()).name : '' },
    prompt: job.prompt,
    segments: indices.flatMap((index) => all.slice(index, index + 1).map((segment) => ({ index, ...segment }))),
  };
  return { source, raster };
}
