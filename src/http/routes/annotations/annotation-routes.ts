import type { FastifyInstance } from 'fastify';
import type { AppDependencies } from '../../app-dependencies.ts';
import { addCreateAnnotations } from './create-annotations.ts';
import { addDeleteAnnotations } from './delete-annotations.ts';
import { addFindAnnotations } from './find-annotations.ts';
import { addGetAnnotation } from './get-annotation.ts';
import { addListAnnotations } from './list-annotations.ts';
import { addReverseLookup } from './reverse-lookup.ts';
import { addSuggestAnnotations } from './suggest-annotations.ts';
import { addUpdateAnnotations } from './update-annotations.ts';

/** Adds the operations of the Annotations API. */
export function addAnnotationRoutes(app: FastifyInstance, dependencies: AppDependencies): void {
  addCreateAnnotations(app, dependencies);
  addSuggestAnnotations(app, dependencies);
  addFindAnnotations(app, dependencies);
  addGetAnnotation(app, dependencies);
  addListAnnotations(app, dependencies);
  addReverseLookup(app, dependencies);
  addUpdateAnnotations(app, dependencies);
  addDeleteAnnotations(app, dependencies);
}
