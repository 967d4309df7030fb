import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { ReadinessChecks } from '../../app-dependencies.ts';
import { answer } from '../describe-answers.ts';

/** A part that does not answer within this time is not ready. */
const PATIENCE_MS = 1000;

const State = Type.Object({
  status: Type.Enum(['ready', 'not ready']),
  parts: Type.Record(Type.String(), Type.Enum(['ready', 'not ready'])),
});
const schema = {
  operationId: 'getReadiness',
  tags: ['Server'],
  summary: 'Whether the server can take work, and which part of it cannot',
  security: [],
  response: { 200: answer('Every part is ready.', State), 503: answer('Some part is not ready.', State) },
};

/** `GET /readyz`: 200 when every part can work (model loaded, database reachable), else 503 that names those which cannot. */
export function addReadyz(app: FastifyInstance, checks: ReadinessChecks): void {
  app.get('/readyz', { schema, config: { access: 'open' } }, async (request, reply) => {
    const parts = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        const ready = await isReady(check).catch((error: unknown) => {
          request.log.warn({ err: error, part: name }, 'not ready');
          return false;
        });
        return [name, ready ? 'ready' : 'not ready'] as const;
      }),
    );
    const ready = parts.every(([, state]) => state === 'ready');
    reply.code(ready ? 200 : 503);
    return { status: ready ? 'ready' : 'not ready', parts: Object.fromEntries(parts) };
  });
}

async function isReady(check: () => Promise<unknown>): Promise<boolean> {
  const abort = new AbortController();
  const late = delay(PATIENCE_MS, false, { signal: abort.signal }).catch(() => false);
  try {
    return await Promise.race([check().then(() => true), late]);
  } finally {
    abort.abort();
  }
}
