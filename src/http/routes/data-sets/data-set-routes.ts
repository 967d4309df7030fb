import type { FastifyInstance } from 'fastify';
import type { AppDependencies } from '../../app-dependencies.ts';
import { addAggregateDataSets } from './aggregate-data-sets.ts';
import { addCreateDataSets } from './create-data-sets.ts';
import { addFindDataSets } from './find-data-sets.ts';
import { addListDataSets } from './list-data-sets.ts';
import { addUpdateDataSets } from './update-data-sets.ts';

/** Adds the operations on data sets. */
export function addDataSetRoutes(app: FastifyInstance, dependencies: AppDependencies): void {
  addCreateDataSets(app, dependencies);
  addListDataSets(app, dependencies);
  addFindDataSets(app, dependencies);
  addUpdateDataSets(app, dependencies);
  addAggregateDataSets(app, dependencies);
}
