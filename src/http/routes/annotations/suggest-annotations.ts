import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { AnnotationCreate } from '#contract/annotations/annotation';
import { KonturError } from '#contract/errors';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireOneOf } from '../../require-rights.ts';
import { refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { annotationItems } from './annotation-answers.ts';
import { ANNOTATION_BODY } from './annotation-body.ts';
import { writeNewAnnotations } from './new-annotations.ts';

const schema = {
  operationId: 'annotationsSuggest',
  tags: ['Annotations'],
  summary: 'Suggest annotations, all or none',
  params: projectParams(),
  body: Type.Ref('AnnotationsSuggest'),
  response: {
    201: annotationItems('The annotations, in the order of the request; their status is suggested.'),
    ...refusals(400, 401, 403, 413, 415),
  },
};

const onRequest = requireOneOf(
  { acl: 'annotationsAcl', action: 'SUGGEST' },
  { acl: 'annotationsAcl', action: 'WRITE' },
);

/** Adds `POST …/annotations/suggest`. */
export function addSuggestAnnotations(
  app: FastifyInstance,
  dependencies: Pick<AppDependencies, 'files' | 'annotations'>,
): void {
  app.post<{ Body: { items: (Omit<AnnotationCreate, 'status'> & { status?: string })[] } }>(
    `${PROJECT_PATH}/annotations/suggest`,
    { schema, ...ANNOTATION_BODY, onRequest },
    async ({ body: { items }, principal }, reply) => {
      const suggestions = items.map(({ status = 'suggested', ...item }, index) => {
        if (status !== 'suggested') {
          throw new KonturError(
            'invalid-request',
            `items[${index}].status is ${status}, but what is suggested has the status suggested. Leave it out, or post it to annotations.`,
          );
        }
        return { ...item, status: 'suggested' as const };
      });
      return reply.code(201).send(await writeNewAnnotations(dependencies, principal, suggestions));
    },
  );
}
