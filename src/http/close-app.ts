import type { FastifyInstance } from 'fastify';

/** Part of the 10 s between SIGTERM and exit in which requests may finish before they are cut off. */
const FINISH_REQUESTS_MS = 2_000;

/** Lets requests in flight finish, but an upload that crawls must not keep the process from stopping. */
export async function closeApp(app: FastifyInstance): Promise<void> {
  const cutOff = setTimeout(() => app.server.closeAllConnections(), FINISH_REQUESTS_MS);
  await app.close().finally(() => clearTimeout(cutOff));
}
