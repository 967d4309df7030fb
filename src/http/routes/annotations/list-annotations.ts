import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { AnnotationListRequest } from '#contract/annotations/annotation';
import { toFilterData } from '#contract/annotations/filter-data';
import { toWireAnnotation } from '../../../annotations/annotation-record.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireSomeFiles } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { checkResourceType, findAnnotatedFiles } from './permitted-annotations.ts';

const schema = {
  operationId: 'annotationsFilter',
  tags: ['Annotations'],
  summary: 'List annotations of files that meet conditions, page by page',
  params: projectParams(),
  body: Type.Ref('AnnotationListRequest'),
  response: {
    200: answer('A page; nextCursor asks for the next one.', Type.Ref('AnnotationPage')),
    ...refusals(400, 401, 403, 413, 415),
  },
};

/** Adds `POST …/annotations/list`. */
export function addListAnnotations(
  app: FastifyInstance,
  { files, annotations }: Pick<AppDependencies, 'files' | 'annotations'>,
): void {
  app.post<{ Body: AnnotationListRequest }>(
    `${PROJECT_PATH}/annotations/list`,
    { schema, config: { keptNull: 'creatingUser' }, onRequest: requireSomeFiles('READ') },
    async ({ body: { filter, limit, cursor }, principal }) => {
      const { annotatedResourceType, annotatedResourceIds, data, ...conditions } = filter;
      checkResourceType(annotatedResourceType);
      const fileIds = await findAnnotatedFiles({ files }, principal, annotatedResourceIds);
      const query = { filter: { ...conditions, data: data && toFilterData(data), fileIds }, limit, cursor };
      const { items, nextCursor = null } = await annotations.list(principal.project, query);
      return { items: items.map(toWireAnnotation), nextCursor };
    },
  );
}
