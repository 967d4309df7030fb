import type { FastifyInstance } from 'fastify';
import { OUTPUT_FORMATS } from '#outputs/output-formats';
import { addOutputRoute, type OutputDependencies } from './output-route.ts';

/** Adds one route per output format, which writes what a job found. */
export function addOutputRoutes(app: FastifyInstance, dependencies: OutputDependencies): void {
  for (const format of OUTPUT_FORMATS) addOutputRoute(app, dependencies, format);
}
