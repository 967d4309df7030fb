import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { ReadinessChecks } from '../../app-dependencies.ts';
import { answer } from '../describe-answers.ts';

/** A part that does not answer within this time counts as not ready. */
const PATIENCE_MS = 1000;

const State = Type.Object({
  status: Type.Enum(['ready', 'not ready'], { description: 'Whether every part is ready.' }),
  parts: Type.Record(Type.String(), Type.Enum(['ready', 'not ready']), { description: 'Each part by its name.' }),
  engine: Type.Optional(
    Type.Object(
      {
        model: Type.String({ description: 'Name of the model.' }),
        precision: Type.String({ description: 'Precision that it is computed in.' }),
        provider: Type.String({ description: 'What computes it, such as cpu.' }),
      },
      { description: 'What the engine runs; missing where there is none, or while it is not ready.' },
    ),
  ),
});
const schema = {
  operationId: 'getReadiness',
  tags: ['Server'],
  summary: 'Whether the server can take work, and which part of it cannot',
  security: [],
  response: { 200: answer('Every part is ready.', State), 503: answer('Some part is not ready.', State) },
};

/**
 * Adds `GET /readyz`: 200 with a description of the engine when every part can work (model loaded, database reachable),
 * else 503 with the names of those that cannot.
 */
export function addReadyz(app: FastifyInstance, checks: ReadinessChecks): void {
  app.get('/readyz', { schema, config: { access: 'open' } }, async (request, reply) => {
    const parts = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        const state = await answerOf(check).catch((error: unknown) => {
          request.log.warn({ err: error, part: name }, 'not ready');
          return NOT_READY;
        });
        return { name, ...state };
      }),
    );
    const ready = parts.every((part) => part.ready);
    reply.code(ready ? 200 : 503);
    return {
      status: word(ready),
      parts: Object.fromEntries(parts.map((part) => [part.name, word(part.ready)])),
      engine: parts.find(({ name }) => name === 'engine')?.answer,
    };
  });
}

interface PartState {
  ready: boolean;
  answer?: unknown;
}

const NOT_READY: PartState = { ready: false };

const word = (ready: boolean) => (ready ? 'ready' : 'not ready');

async function answerOf(check: () => Promise<unknown>): Promise<PartState> {
  const abort = new AbortController();
  const late = delay(PATIENCE_MS, NOT_READY, { signal: abort.signal }).catch(() => NOT_READY);
  try {
    return await Promise.race([check().then((answer) => ({ ready: true, answer })), late]);
  } finally {
    abort.abort();
  }
}
