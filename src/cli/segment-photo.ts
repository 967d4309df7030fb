import { writeFile } from 'node:fs/promises';
import type { Config } from '../config/load-config.ts';
import type { Prompt } from '../contract/prompt.ts';
import { drawSegments } from '../imaging/draw-segments.ts';
import { createSegmenter } from '../segment/create-segmenter.ts';
import { showProgress } from './progress.ts';

/** What `kontur segment` was asked for. */
export interface PhotoTask {
  photo: string;
  prompt: Prompt;
  format: 'json' | 'png';
  /** File to write to; standard output without it. */
  out?: string;
}

/** Segments one photo in an engine of its own and writes the polygons, or the photo with the best segment drawn over it. */
export async function segmentPhoto({ photo, prompt, format, out }: PhotoTask, config: Config): Promise<void> {
  const { cacheDir, engineThreads, maxPixels, precision } = config;
  const progress = showProgress('Loading the model…');
  const segmenter = await createSegmenter({ cacheDir, threads: engineThreads, maxPixels, precision }).finally(() =>
    progress.done(),
  );
  try {
    const { imageWidth, imageHeight, segments } = await segmenter.segment(photo, prompt);
    const wire = segments.map(({ score, polygons }) => ({ score, polygons }));
    const output =
      format === 'png'
        ? await drawSegments(photo, { segments: wire.slice(0, 1), prompt }, { maxPixels })
        : `${JSON.stringify({ imageWidth, imageHeight, prompt, segments: wire }, null, 2)}\n`;
    if (out === undefined) process.stdout.write(output);
    else await writeFile(out, output);
  } finally {
    await segmenter.close();
  }
}
