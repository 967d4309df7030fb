import type { Inference } from '../inference/create-inference.ts';
import type { Run } from '../jobs/run-job.ts';
import { toWireSegments } from '../segment/to-wire-segments.ts';
import type { ImageSource } from '../upstream/image-source.ts';
import { segmentFile } from './segment-file.ts';

/** What a job does: opens its image as it is now, and segments it. */
export function createSegmentRun(dependencies: { images: Pick<ImageSource, 'open'>; inference: Inference }): Run {
  return async (job, signal) => toWireSegments(await segmentFile(dependencies, job, signal));
}
