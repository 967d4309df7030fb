import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { AnnotationCreate } from '#contract/annotations/annotation';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireRights } from '../../require-rights.ts';
import { refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { annotationItems } from './annotation-answers.ts';
import { ANNOTATION_BODY } from './annotation-body.ts';
import { writeNewAnnotations } from './new-annotations.ts';

const schema = {
  operationId: 'annotationsCreate',
  tags: ['Annotations'],
  summary: 'Create annotations, all or none',
  params: projectParams(),
  body: Type.Ref('AnnotationsCreate'),
  response: {
    201: annotationItems('The annotations, in the order of the request.'),
    ...refusals(400, 401, 403, 413, 415),
  },
};

/** Adds `POST …/annotations`. */
export function addCreateAnnotations(
  app: FastifyInstance,
  dependencies: Pick<AppDependencies, 'files' | 'annotations'>,
): void {
  app.post<{ Body: { items: AnnotationCreate[] } }>(
    `${PROJECT_PATH}/annotations`,
    { schema, ...ANNOTATION_BODY, onRequest: requireRights({ acl: 'annotationsAcl', action: 'WRITE' }) },
    async ({ body: { items }, principal }, reply) =>
      reply.code(201).send(await writeNewAnnotations(dependencies, principal, items)),
  );
}
