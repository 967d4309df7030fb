import { isDeepStrictEqual } from 'node:util';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { AnnotationUpdate } from '#contract/annotations/annotation';
import { type AnnotationRecord, toWireAnnotation } from '../../../annotations/annotation-record.ts';
import { authorise, isAuthorised } from '../../../auth/authorise.ts';
import type { Principal } from '../../../auth/principal.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireOneOf } from '../../require-rights.ts';
import { refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { ANNOTATIONS_TWICE, annotationItems, UNKNOWN_ANNOTATIONS } from './annotation-answers.ts';
import { ANNOTATION_BODY } from './annotation-body.ts';
import { findPermittedAnnotations } from './permitted-annotations.ts';

const schema = {
  operationId: 'annotationsUpdate',
  tags: ['Annotations'],
  summary: 'Change annotations, all or none',
  params: projectParams(),
  body: Type.Ref('AnnotationsUpdate'),
  response: {
    200: annotationItems('The annotations as they are now, in the order of the request.'),
    ...UNKNOWN_ANNOTATIONS,
    ...ANNOTATIONS_TWICE,
    ...refusals(400, 401, 403, 413, 415),
  },
};

const WRITE = { acl: 'annotationsAcl', action: 'WRITE' } as const;
const REVIEW = { acl: 'annotationsAcl', action: 'REVIEW' } as const;

/** Adds `POST …/annotations/update`. */
export function addUpdateAnnotations(
  app: FastifyInstance,
  dependencies: Pick<AppDependencies, 'files' | 'annotations'>,
): void {
  app.post<{ Body: { items: AnnotationUpdate[] } }>(
    `${PROJECT_PATH}/annotations/update`,
    { schema, ...ANNOTATION_BODY, onRequest: requireOneOf(WRITE, REVIEW) },
    async ({ body: { items }, principal }) => {
      const ids = items.map(({ id }) => id);
      const before = await findPermittedAnnotations(dependencies, principal, ids);
      authoriseChanges(principal, before, items);
      const changes = items.map(({ id, update: { annotationType, data, status } }) => ({
        id,
        annotationType: annotationType?.set,
        data: data?.set,
        status: status?.set,
      }));
      const after = await dependencies.annotations.change(principal.project, changes, { by: principal.subject });
      return { items: after.map(toWireAnnotation) };
    },
  );
}

/**
 * Checks that a reviewer changes nothing but the status. Clients send the other two as they were.
 *
 * @throws KonturError `forbidden`
 */
function authoriseChanges(principal: Principal, before: AnnotationRecord[], items: AnnotationUpdate[]): void {
  if (isAuthorised(principal, WRITE)) return;
  const onlyStatus = before.every(({ annotationType, data }, index) => {
    const { annotationType: type, data: content } = items[index]?.update ?? {};
    return (type ?? { set: annotationType }).set === annotationType && isDeepStrictEqual(content?.set ?? data, data);
  });
  authorise(principal, onlyStatus ? REVIEW : WRITE);
}
