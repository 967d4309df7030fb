import type { FastifyInstance } from 'fastify';
import type { AppDependencies } from '../../app-dependencies.ts';
import { addGetCurrentModel } from './get-current-model.ts';
import { addGetThumbnail } from './get-thumbnail.ts';
import { addPreviewSegments } from './preview-segments.ts';
import { addReadEmbedding } from './read-embedding.ts';

/** Adds the operations on images that need no job. */
export function addImageRoutes(app: FastifyInstance, dependencies: AppDependencies): void {
  addGetThumbnail(app, dependencies);
  addPreviewSegments(app, { ...dependencies, maxPoints: dependencies.settings.maxPoints });
  addReadEmbedding(app, dependencies);
  addGetCurrentModel(app, dependencies);
}
