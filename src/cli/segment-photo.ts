import type { Prompt } from '#contract/vision/prompt';
import type { Config } from '../config/load-config.ts';
import { forkEngine } from '../engine/fork-engine.ts';
import type { ForkedChild } from '../processes/start-child.ts';
import { startSegmenter } from '../segment/start-segmenter.ts';
import { showProgress } from './progress.ts';
import type { SegmentFormat } from './segment-formats.ts';
import { UsageError } from './usage-error.ts';
import { writeOutput } from './write-output.ts';

/** What `kontur segment` was asked for. */
export interface PhotoTask {
  photo: string;
  prompt: Prompt;
  format: SegmentFormat;
  /** Which segment to write in the formats of one, from 0, the best. */
  segment: number;
  /** File to write to; standard output without it. */
  out?: string;
  /** Where the engine's code is being loaded already. */
  forkedEngine?: ForkedChild;
}

/** Segments one photo in an engine of its own and writes what it found. */
export async function segmentPhoto(task: PhotoTask, config: Config): Promise<void> {
  const { photo, prompt, format, segment, out, forkedEngine = forkEngine() } = task;
  const { engineThreads: threads, maxPixels } = config;
  const segmenter = await startSegmenter({ ...config, threads, forkedEngine });
  try {
    const progress = showProgress('Loading the model…');
    const ready = segmenter.ready().finally(() => progress.done());
    const [{ imageWidth, imageHeight, segments }] = await Promise.all([segmenter.segment(photo, prompt), ready]);
    const wire = segments.map(({ score, polygons }) => ({ score, polygons }));
    if (format === 'json') {
      const text = `${JSON.stringify({ imageWidth, imageHeight, prompt, segments: wire }, null, 2)}\n`;
      return await writeOutput(text, out);
    }
    const chosen = segments[segment];
    if (chosen === undefined) throw new UsageError(noSuchSegment(segment, segments.length));
    const output = { index: segment, score: chosen.score, parts: chosen.parts };
    const size = { imageWidth, imageHeight };
    // Loaded only here: what opens images takes a part of the time to the first polygons.
    const { formatSegment } = await import('./format-segment.ts');
    const content = await formatSegment(format, { photo, prompt, size, wire: wire[segment]!, output, maxPixels });
    await writeOutput(content, out);
  } finally {
    await segmenter.close();
  }
}

const noSuchSegment = (segment: number, count: number) =>
  count === 0
    ? 'The prompt marks nothing that was found, so there is nothing to write.'
    : `There is no segment ${segment}: ${count} ${count === 1 ? 'was' : 'were'} found, counted from 0.`;
