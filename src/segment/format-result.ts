import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { KonturError } from '#contract/errors';
import { findFormat } from '#outputs/find-format';
import type { OutputNeed, Raster } from '#outputs/output-format';
import { photoPath } from './locate-photo.ts';
import type { FormatOptions, SegmentResult } from './segmenter.ts';
import { withPlainName } from './with-plain-name.ts';

/** How a result is written, by the library or the command line. */
interface WriteOptions extends FormatOptions {
  /** Name of the photo in documents. Default: that of its file. */
  photoName?: string;
  /** Spaces per level of indentation of JSON. Default: one line. */
  indent?: number;
  maxPixels: number;
}

/**
 * Writes the result of a segmenter in an output format: text, or the bytes or the stream of a picture. Formats of one
 * segment write the one in the options.
 *
 * @throws KonturError `invalid-request` if the format, an option or a required photo is wrong or missing;
 *   `segment-not-found`; the errors of imaging/open-image.ts
 */
export async function formatResult(
  result: SegmentResult,
  name: string,
  { segment = 0, photo: named, photoName, options: given, indent, maxPixels }: WriteOptions,
): Promise<string | Buffer | Readable> {
  const { format, options } = findFormat(name, given);
  const photo = named === undefined ? undefined : photoPath(named);
  const all = result.segments.map(({ score, parts }, index) => ({ index, score, parts }));
  const chosen = all[segment];
  if (!format.writesAll && chosen === undefined) {
    throw new KonturError('segment-not-found', noSuchSegment(segment, all.length));
  }
  const missing = format.needs.find((need) => need !== 'encoder' && photo === undefined);
  if (missing !== undefined) throw new KonturError('invalid-request', `The format ${name} needs ${WHAT[missing]}.`);
  const { imageWidth, imageHeight, prompt } = result;
  const source = {
    imageWidth,
    imageHeight,
    prompt,
    photo: { id: 1, name: photoName ?? path.basename(photo ?? '') },
    segments: format.writesAll || chosen === undefined ? all : [chosen],
    indent,
  };
  return format.write(source, options, createRaster(photo ?? '', maxPixels));
}

const WHAT: Record<OutputNeed, string> = {
  name: 'the name of the photo: give its path as `photo`',
  encoder: 'nothing',
  photo: 'the photo: give its path as `photo`',
};

const noSuchSegment = (segment: number, count: number) =>
  count === 0
    ? 'The prompt marks nothing that was found, so there is nothing to write.'
    : `There is no segment ${segment}: ${count} ${count === 1 ? 'was' : 'were'} found, counted from 0.`;

/**
 * Makes pictures from the photo's file. The code that opens images is loaded only here, to start `kontur segment`
 * quickly.
 */
const createRaster = (photo: string, maxPixels: number): Raster<Buffer | Readable> => ({
  async encodeMask(parts, size) {
    const { encodeMaskPng } = await import('../imaging/encode-mask-png.ts');
    return encodeMaskPng(parts, size);
  },
  giveWay: () => setImmediate(),
  async draw(segments, prompt) {
    const { drawSegments } = await import('../imaging/draw-segments.ts');
    return withPlainName(photo, (plain) => drawSegments(plain, { segments, prompt }, { maxPixels }));
  },
  async cutOut(parts) {
    const { cutOut } = await import('../imaging/cut-out.ts');
    const folder = await mkdtemp(path.join(tmpdir(), 'kontur-'));
    try {
      const outPath = path.join(folder, 'cutout.png');
      await withPlainName(photo, (plain) => cutOut(plain, { parts, outPath }, { maxPixels }));
      return await readFile(outPath);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
});
