import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { MAX_ID } from '#contract/limits';
import { requireSomeFiles } from '../../../require-rights.ts';
import { answer, refusals } from '../../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../../project-path.ts';
import type { AnnotationRouteDependencies } from './annotation-route-dependencies.ts';

const schema = {
  operationId: 'eraseChoices',
  tags: ['Kontur'],
  summary: 'Erase what was kept of the candidates that people chose',
  description: 'The annotations stay. Without a label or a data set, those of all.',
  params: projectParams(),
  querystring: Type.Object({
    dataSetId: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_ID, description: 'Photos of this data set.' })),
    label: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: 'Name of what was seen.' })),
  }),
  response: {
    200: answer(
      'They are gone.',
      Type.Object({ erased: Type.Integer({ minimum: 0, description: 'How many there were.' }) }),
    ),
    ...refusals(400, 401, 403, 501),
  },
};

/** Adds `DELETE …/kontur/choices`. */
export function addEraseChoices(app: FastifyInstance, { named }: Pick<AnnotationRouteDependencies, 'named'>): void {
  app.delete<{ Querystring: { dataSetId?: number; label?: string } }>(
    `${PROJECT_PATH}/kontur/choices`,
    { schema, onRequest: requireSomeFiles('READ') },
    async ({ query, principal, headers: { authorization } }) => ({
      erased: await named.eraseChoices({ principal, authorization }, query),
    }),
  );
}
