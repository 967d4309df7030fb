import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { JobListQuerySchema } from '#contract/vision/outputs';
import { authoriseSomeFiles } from '../../../auth/authorise.ts';
import type { JobListQuery } from '../../../jobs/list-jobs.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { toListedJob } from '../vision/wire-job.ts';

const schema = {
  operationId: 'listSegmentJobs',
  tags: ['Kontur'],
  summary: 'List segmentation jobs, newest first, page by page',
  description:
    'Jobs on files that the caller may read, without the polygons. A page may be shorter than the limit and still have a nextCursor.',
  params: projectParams(),
  querystring: JobListQuerySchema,
  response: {
    200: answer('A page; nextCursor asks for the next one.', Type.Ref('SegmentJobPage')),
    ...refusals(400, 401, 403),
  },
};

/** Adds `GET …/kontur/segment`. */
export function addListSegmentJobs(
  app: FastifyInstance,
  { images, jobs }: Pick<AppDependencies, 'images' | 'jobs'>,
): void {
  app.get<{ Querystring: JobListQuery }>(
    `${PROJECT_PATH}/kontur/segment`,
    { schema },
    async ({ query, principal, headers: { authorization } }) => {
      authoriseSomeFiles(principal, 'READ');
      const { items, ...rest } = await jobs.list(principal.project, query, (fileIds) =>
        images.readable({ principal, authorization }, fileIds),
      );
      return { items: items.map(toListedJob), ...rest };
    },
  );
}
