import type { FastifyInstance } from 'fastify';
import { OUTPUT_FORMATS } from '#outputs/output-formats';
import { addOutputRoute, type OutputDependencies } from './output-route.ts';

/** What jobs found, in every output format. */
export function addOutputRoutes(app: FastifyInstance, dependencies: OutputDependencies): void {
  for (const format of OUTPUT_FORMATS) addOutputRoute(app, dependencies, format);
}
