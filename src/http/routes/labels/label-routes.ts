import type { FastifyInstance } from 'fastify';
import type { AppDependencies } from '../../app-dependencies.ts';
import { addCreateLabels } from './create-labels.ts';
import { addDeleteLabels } from './delete-labels.ts';
import { addFindLabels } from './find-labels.ts';
import { addListLabels } from './list-labels.ts';

/** Adds the operations on labels. */
export function addLabelRoutes(app: FastifyInstance, dependencies: AppDependencies): void {
  addCreateLabels(app, dependencies);
  addListLabels(app, dependencies);
  addFindLabels(app, dependencies);
  addDeleteLabels(app, dependencies);
}
