import type { FastifyInstance } from 'fastify';
import type { AppDependencies } from '../../app-dependencies.ts';
import { addGetCoco } from './get-coco.ts';
import { addGetCutOut } from './get-cut-out.ts';
import { addGetGeoJson } from './get-geojson.ts';
import { addGetMask } from './get-mask.ts';
import { addGetSvg } from './get-svg.ts';
import { addGetThumbnail } from './get-thumbnail.ts';
import { addListSegmentJobs } from './list-segment-jobs.ts';
import { addPreviewSegments } from './preview-segments.ts';

/** What jobs found, in the formats of other tools; and what can be seen of an image without a job. */
export function addOutputRoutes(app: FastifyInstance, dependencies: AppDependencies): void {
  addListSegmentJobs(app, dependencies);
  addGetMask(app, dependencies);
  addGetCutOut(app, dependencies);
  addGetCoco(app, dependencies);
  addGetGeoJson(app, dependencies);
  addGetSvg(app, dependencies);
  addGetThumbnail(app, dependencies);
  addPreviewSegments(app, { ...dependencies, maxPoints: dependencies.settings.maxPoints });
}
