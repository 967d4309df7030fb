import type { FastifyInstance } from 'fastify';
import type { AppDependencies } from '../../app-dependencies.ts';
import { addCancelSegmentJob } from './cancel-segment-job.ts';
import { addCreateMaskedSegmentJob } from './create-masked-segment-job.ts';
import { addListSegmentJobs } from './list-segment-jobs.ts';
import { addStreamSegmentEvents } from './stream-segment-events.ts';

/** Adds the operations on jobs that the hosted API does not have. */
export function addJobRoutes(app: FastifyInstance, dependencies: AppDependencies): void {
  addCreateMaskedSegmentJob(app, dependencies);
  addListSegmentJobs(app, dependencies);
  addCancelSegmentJob(app, dependencies);
  addStreamSegmentEvents(app, dependencies);
}
