import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { newRequestId } from '../telemetry/request-id.ts';
import type { AppDependencies } from './app-dependencies.ts';
import { handleError } from './error-handler.ts';
import { refuseUnknownRoute } from './not-found.ts';
import { closeIdleConnections } from './plugins/close-idle-connections.ts';
import { addResponseHeaders } from './plugins/response-headers.ts';
import { addHealthRoutes } from './routes/operations/operations-routes.ts';

/** The HTTP app of a process that serves no clients: it only answers its supervisor's health checks. */
export function createHealthApp({ logger, readiness }: Pick<AppDependencies, 'logger' | 'readiness'>): FastifyInstance {
  const app = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: newRequestId,
    forceCloseConnections: 'idle',
  });
  closeIdleConnections(app);
  app.setErrorHandler(handleError);
  app.setSerializerCompiler(() => JSON.stringify);
  app.setNotFoundHandler(refuseUnknownRoute);
  addResponseHeaders(app);
  addHealthRoutes(app, readiness);
  return app;
}
