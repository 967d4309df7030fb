import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { answer } from '../describe-answers.ts';

const schema = {
  operationId: 'getHealth',
  tags: ['Server'],
  summary: 'Whether the process answers',
  security: [],
  response: {
    200: answer(
      'The process is up.',
      Type.Object({ status: Type.Enum(['up'], { description: 'The process answers.' }) }),
    ),
  },
};

/** Adds `GET /healthz`: answers as long as the process does; a supervisor restarts it otherwise. */
export function addHealthz(app: FastifyInstance): void {
  app.get('/healthz', { schema, config: { access: 'open' } }, async () => ({ status: 'up' }));
}
