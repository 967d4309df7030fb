import type { FastifyInstance } from 'fastify';
import type { ReadinessChecks } from '../../app-dependencies.ts';
import { addHealthz } from './healthz.ts';
import { addReadyz } from './readyz.ts';

/** Adds the health checks that supervisors ask for. */
export function addHealthRoutes(app: FastifyInstance, readiness: ReadinessChecks): void {
  addHealthz(app);
  addReadyz(app, readiness);
}
