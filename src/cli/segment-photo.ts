import { KonturError } from '#contract/errors';
import type { Prompt } from '#contract/vision/prompt';
import type { Config } from '../config/load-config.ts';
import { formatResult } from '../segment/format-result.ts';
import { startSegmenter } from '../segment/start-segmenter.ts';
import { showProgress } from './progress.ts';
import { UsageError } from './usage-error.ts';
import { writeOutput } from './write-output.ts';

/** The arguments of `kontur segment`. */
export interface PhotoTask {
  photo: string;
  prompt: Prompt;
  /** Name of an output format. */
  format: string;
  /** Options of the format by name. */
  options: Record<string, string | undefined>;
  /** Index of the segment to write in formats of one segment; 0 is the best. */
  segment: number;
  /** File to write to; standard output if undefined. */
  out?: string;
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
    const [result] = await Promise.all([segmenter.segment(photo, prompt), ready]);
    const written = await formatResult(result, format, { segment, photo, options, indent: 2, maxPixels });
    await writeOutput(typeof written === 'string' ? withLineEnd(written) : written, out, umask);
  } catch (error) {
    if (error instanceof KonturError && error.code === 'segment-not-found') throw new UsageError(error.message);
    throw error;
  } finally {
    await segmenter.close();
  }
}

const withLineEnd = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);
