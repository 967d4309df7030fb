import { KonturError } from '#contract/errors';
import type { Prompt } from '#contract/vision/prompt';
import { findFormat } from '#outputs/find-format';
import type { Config } from '../config/load-config.ts';
import { formatResult } from '../segment/format-result.ts';
import type { SegmentResult } from '../segment/segmenter.ts';
import { startSegmenter } from '../segment/start-segmenter.ts';
import type { OutPath } from './check-out.ts';
import type { OpenPhoto } from './open-photo.ts';
import { showProgress } from './progress.ts';
import { UsageError } from './usage-error.ts';
import { writeOutput } from './write-output.ts';

/** The arguments of `kontur segment`. */
export interface PhotoTask {
  photo: OpenPhoto;
  prompt: Prompt;
  /** Name of an output format. */
  format: string;
  /** Options of the format by name. */
  options: Record<string, string | undefined>;
  /** Index of the segment to write in formats of one segment; 0 is the best. */
  segment: number;
  /** File to write to; standard output if undefined. */
  out?: OutPath;
  /** The caller's file mode creation mask, which decides who may read that file. */
  umask: number;
}

/**
 * Segments one photo in a new engine and writes the result.
 *
 * @throws UsageError for a segment that was not found; KonturError as segmenting and writing the format do
 */
export async function segmentPhoto(task: PhotoTask, config: Config): Promise<void> {
  const { photo, prompt, format, segment, options, out, umask } = task;
  const { engineThreads: threads, maxPixels, cacheDir, cacheDirIsNamed } = config;
  const segmenter = await startSegmenter({
    ...config,
    cacheDir: cacheDirIsNamed ? cacheDir : undefined,
    threads,
    singleProcess: true,
  });
  try {
    const progress = showProgress('Loading the model…');
    const ready = segmenter.ready().finally(() => progress.done());
    const [result] = await Promise.all([segmenter.segment(photo.path, prompt), ready]);
    const written = await formatResult(result, format, {
      segment,
      photo: photo.path,
      photoName: photo.name,
      options,
      indent: 2,
      maxPixels,
    });
    await writeOutput(typeof written === 'string' ? withLineEnd(written) : written, out, umask);
    if (out !== undefined || process.stderr.isTTY) process.stderr.write(`${summary(task, result)}\n`);
  } catch (error) {
    if (error instanceof KonturError && error.code === 'segment-not-found') throw new UsageError(error.message);
    throw error;
  } finally {
    await segmenter.close();
  }
}

/** What was found, and where it was written. */
function summary(
  { format, options, segment, out, photo }: PhotoTask,
  { segments, imageWidth, imageHeight }: SegmentResult,
) {
  const found = `${segments.length} ${segments.length === 1 ? 'segment' : 'segments'} in ${photo.name} (${imageWidth} x ${imageHeight})`;
  const all = findFormat(format).format.writesAll;
  const what = all ? 'all of them' : `number ${segment}, score ${segments[segment]?.score.toFixed(2)}`;
  const hint =
    format === 'geojson' && options.yaxis !== 'up'
      ? ' Its y runs downwards, as in images; maps show it upside down unless you add --yaxis up.'
      : '';
  return `${found}; wrote ${what}, as ${format}, to ${out === undefined ? 'standard output' : out.toString()}.${hint}`;
}

const withLineEnd = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);
