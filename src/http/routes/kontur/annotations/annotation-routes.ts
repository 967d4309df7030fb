import type { FastifyInstance } from 'fastify';
import type { AppDependencies } from '../../../app-dependencies.ts';
import { addChangeObjects } from './change-objects.ts';
import { addCountFacets } from './count-facets.ts';
import { addCreateObjects } from './create-objects.ts';
import { addEraseChoices } from './erase-choices.ts';
import { addListNamedAnnotations } from './list-named-annotations.ts';
import { createOwnAnnotations } from './own-annotations.ts';
import { addReadAnnotationHistory } from './read-annotation-history.ts';
import { addRestoreAnnotations } from './restore-annotations.ts';
import { addSaveSegment } from './save-segment.ts';
import { createUpstreamAnnotations } from './upstream-annotations.ts';

/** Adds the operations on annotations that the hosted API does not have. */
export function addNamedAnnotationRoutes(app: FastifyInstance, dependencies: AppDependencies): void {
  const { images, jobs, upstreamAnnotations } = dependencies;
  const named = upstreamAnnotations
    ? createUpstreamAnnotations(upstreamAnnotations)
    : createOwnAnnotations(dependencies);
  const needed = { images, jobs, named };
  addListNamedAnnotations(app, needed);
  addCreateObjects(app, needed);
  addChangeObjects(app, needed);
  addCountFacets(app, needed);
  addRestoreAnnotations(app, needed);
  addReadAnnotationHistory(app, needed);
  addSaveSegment(app, needed);
  addEraseChoices(app, needed);
}
