import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireRights } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { ANNOTATIONS_TWICE, UNKNOWN_ANNOTATIONS } from './annotation-answers.ts';
import { checkPermittedAnnotations } from './permitted-annotations.ts';

const schema = {
  operationId: 'annotationsDelete',
  tags: ['Annotations'],
  summary: 'Delete annotations, all or none',
  params: projectParams(),
  body: Type.Ref('AnnotationReferences'),
  response: {
    200: answer('They are gone.', Type.Object({})),
    ...UNKNOWN_ANNOTATIONS,
    ...ANNOTATIONS_TWICE,
    ...refusals(400, 401, 403, 413, 415),
  },
};

/** Adds `POST …/annotations/delete`. */
export function addDeleteAnnotations(
  app: FastifyInstance,
  dependencies: Pick<AppDependencies, 'files' | 'annotations'>,
): void {
  app.post<{ Body: { items: { id: number }[] } }>(
    `${PROJECT_PATH}/annotations/delete`,
    { schema, onRequest: requireRights({ acl: 'annotationsAcl', action: 'WRITE' }) },
    async ({ body: { items }, principal }) => {
      const ids = items.map(({ id }) => id);
      await checkPermittedAnnotations(dependencies, principal, ids);
      await dependencies.annotations.remove(principal.project, ids, { by: principal.subject });
      return {};
    },
  );
}
