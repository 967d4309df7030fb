import type { FastifyInstance } from 'fastify';
import type { AppDependencies } from '../../app-dependencies.ts';
import { addCreateSegmentJob } from './create-segment-job.ts';
import { addGetSegmentJob } from './get-segment-job.ts';

/** Adds the segment operations. */
export function addVisionRoutes(app: FastifyInstance, { images, jobs, settings }: AppDependencies): void {
  addCreateSegmentJob(app, { images, jobs, maxPoints: settings.maxPoints });
  addGetSegmentJob(app, { images, jobs });
}
