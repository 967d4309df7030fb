import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { MAX_BODY_BYTES } from '#contract/limits';
import { newRequestId } from '../telemetry/request-id.ts';
import { answerClientError } from './answer-client-error.ts';
import type { AppDependencies } from './app-dependencies.ts';
import { handleError } from './error-handler.ts';
import { refuseUnknownRoute } from './not-found.ts';
import { acceptJson } from './plugins/accept-json.ts';
import { acceptStreams } from './plugins/accept-streams.ts';
import { allowOrigins } from './plugins/allow-origins.ts';
import { authenticateRequests } from './plugins/authenticate-requests.ts';
import { closeIdleConnections } from './plugins/close-idle-connections.ts';
import { compileSchemas } from './plugins/compile-schemas.ts';
import { compressAnswers } from './plugins/compress-answers.ts';
import { continueLate } from './plugins/continue-late.ts';
import { describeApi } from './plugins/describe-api.ts';
import { ignoreBodies } from './plugins/ignore-bodies.ts';
import { limitConnections } from './plugins/limit-connections.ts';
import { logRequests } from './plugins/log-requests.ts';
import { mountIssuer } from './plugins/mount-issuer.ts';
import { passThrough } from './plugins/pass-through.ts';
import { refuseOtherHosts } from './plugins/refuse-other-hosts.ts';
import { refuseOtherMethods } from './plugins/refuse-other-methods.ts';
import { refuseTwoHosts } from './plugins/refuse-two-hosts.ts';
import { refuseUnknownParameters } from './plugins/refuse-unknown-parameters.ts';
import { addResponseHeaders, setResponseHeaders } from './plugins/response-headers.ts';
import { relativeUrl } from './relative-url.ts';
import { addGetProject } from './routes/access/get-project.ts';
import { addInspectToken } from './routes/access/inspect-token.ts';
import { addListGroups } from './routes/access/list-groups.ts';
import { addAnnotationRoutes } from './routes/annotations/annotation-routes.ts';
import { addModelRoutes } from './routes/data-modelling/data-modelling-routes.ts';
import { addDataSetRoutes } from './routes/data-sets/data-set-routes.ts';
import { addFileContentRoutes } from './routes/files/file-content-routes.ts';
import { addFileRoutes } from './routes/files/file-routes.ts';
import { addNamedAnnotationRoutes } from './routes/kontur/annotations/annotation-routes.ts';
import { addExportSet } from './routes/kontur/export-set.ts';
import { addImageRoutes } from './routes/kontur/image-routes.ts';
import { addJobRoutes } from './routes/kontur/job-routes.ts';
import { addOutputRoutes } from './routes/kontur/output-routes.ts';
import { addLabelRoutes } from './routes/labels/label-routes.ts';
import { addGetRoot } from './routes/operations/get-root.ts';
import { addHealthRoutes } from './routes/operations/operations-routes.ts';
import { addGetDecoder } from './routes/studio/get-decoder.ts';
import { addGetStudioConfig } from './routes/studio/get-studio-config.ts';
import { addStudioRoutes } from './routes/studio/studio-routes.ts';
import { addVisionRoutes } from './routes/vision/vision-routes.ts';

/** A connection on which nothing moves for this long is closed. */
const IDLE_CONNECTION_MS = 60_000;
/** Longest time for a whole request to arrive: the largest upload at 12 Mbit/s. */
const REQUEST_TIMEOUT_MS = 3_600_000;
/** Above the 60 s after which common reverse proxies drop an idle connection, so that they close it, not the server. */
const KEEP_ALIVE_MS = 72_000;
const MAX_PARAMETER_LENGTH = 500;

/**
 * Creates the HTTP server, ready to listen. The order of the plugins is the order in which a request is checked: host,
 * origin, token, and only then its content.
 */
export async function createApp(dependencies: AppDependencies): Promise<FastifyInstance> {
  const { settings, logger, authenticate, issuer, readiness } = dependencies;
  const { trustedProxies = [] } = settings;
  const app = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: newRequestId,
    rewriteUrl: relativeUrl,
    ...(trustedProxies.length > 0 && { trustProxy: [...trustedProxies] }),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_PARAMETER_LENGTH },
    bodyLimit: MAX_BODY_BYTES,
    connectionTimeout: IDLE_CONNECTION_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    // What still comes in on an open connection while the server closes is answered like anything else.
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => {
      setResponseHeaders(request, reply);
      handleError(error, request, reply);
    },
  });
  closeIdleConnections(app);
  limitConnections(app);
  continueLate(app);
  app.setErrorHandler(handleError);
  app.setNotFoundHandler(refuseUnknownRoute);
  compileSchemas(app, settings.maxPoints);
  addResponseHeaders(app);
  logRequests(app);
  refuseTwoHosts(app);
  if (settings.loopbackHostsOnly) refuseOtherHosts(app);
  await allowOrigins(app, settings.corsOrigins);
  authenticateRequests(app, authenticate);
  refuseUnknownParameters(app);
  ignoreBodies(app);
  const answerOtherMethods = refuseOtherMethods(app);
  await describeApi(app, { publicUrl: settings.publicUrl, issuer });

  addHealthRoutes(app, readiness);
  addGetRoot(app, dependencies);
  addGetStudioConfig(app, dependencies);
  addGetDecoder(app, dependencies);
  await addStudioRoutes(app, dependencies);
  await app.register(async (api) => {
    acceptJson(api);
    await compressAnswers(api);
    addVisionRoutes(api, dependencies);
    addJobRoutes(api, dependencies);
    addOutputRoutes(api, dependencies);
    addImageRoutes(api, dependencies);
    addNamedAnnotationRoutes(api, dependencies);
  });
  const { upstream } = settings;
  if (upstream === undefined) await addProjectRoutes(app, dependencies);
  else await app.register((scope) => passThrough(scope, upstream));
  answerOtherMethods();
  return app;
}

/** The operations around segmentation, for a server that stores the projects itself (not a gateway). */
async function addProjectRoutes(app: FastifyInstance, dependencies: AppDependencies): Promise<void> {
  const { issuer } = dependencies;
  addInspectToken(app, dependencies);
  addGetProject(app, dependencies);
  addListGroups(app, dependencies);
  if (issuer !== undefined) mountIssuer(app, issuer.requestListener);
  await app.register(async (api) => {
    acceptJson(api);
    await compressAnswers(api);
    addFileRoutes(api, dependencies);
    addModelRoutes(api, dependencies);
    addAnnotationRoutes(api, dependencies);
    addExportSet(api, dependencies);
    addLabelRoutes(api, dependencies);
    addDataSetRoutes(api, dependencies);
  });
  await app.register(async (contents) => {
    acceptStreams(contents);
    addFileContentRoutes(contents, dependencies);
  });
}
