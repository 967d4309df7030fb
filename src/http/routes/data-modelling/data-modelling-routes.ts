import type { FastifyInstance } from 'fastify';
import type { AppDependencies } from '../../app-dependencies.ts';
import { addDeleteInstances } from './delete-instances.ts';
import { addDeleteSpaces } from './delete-spaces.ts';
import { addFindInstances } from './find-instances.ts';
import { addFindSpaces } from './find-spaces.ts';
import { addListInstances } from './list-instances.ts';
import { addListSpaces } from './list-spaces.ts';
import { addUpsertInstances } from './upsert-instances.ts';
import { addUpsertSpaces } from './upsert-spaces.ts';

/** Adds the operations on spaces and on nodes that are files. */
export function addModelRoutes(app: FastifyInstance, { instances }: Pick<AppDependencies, 'instances'>): void {
  addUpsertSpaces(app, { instances });
  addFindSpaces(app, { instances });
  addListSpaces(app, { instances });
  addDeleteSpaces(app, { instances });
  addUpsertInstances(app, { instances });
  addFindInstances(app, { instances });
  addListInstances(app, { instances });
  addDeleteInstances(app, { instances });
}
