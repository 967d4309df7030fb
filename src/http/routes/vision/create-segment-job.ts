import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { KonturError } from '#contract/errors';
import { allowsBeta } from '#contract/vision/cdf-version';
import { checkPrompt } from '#contract/vision/check-prompt';
import type { SegmentRequest } from '#contract/vision/segment-job';
import type { AppDependencies } from '../../app-dependencies.ts';
import { promptBody } from '../../body-limits.ts';
import { requireSomeFiles } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { toCreatedSegmentJob } from './wire-job.ts';

const schema = {
  operationId: 'postVisionSegment',
  tags: ['Vision'],
  summary: 'Start a segmentation job for one image',
  description: 'Answers at once; read the result with getVisionSegment. The file is read when the job runs.',
  headers: Type.Object({
    'cdf-version': Type.String({
      description: 'beta or alpha, also with a date in front (20230101-beta) or in a list.',
    }),
  }),
  params: projectParams(),
  body: Type.Ref('SegmentRequest'),
  response: {
    200: answer('The job is queued.', Type.Ref('SegmentJobCreated')),
    ...refusals(400, 401, 403, 413, 415, 429),
  },
};

/** Adds `POST …/context/vision/segment`: validates the prompt, looks the file up and queues a job for it. */
export function addCreateSegmentJob(
  app: FastifyInstance,
  { images, jobs, maxPoints }: Pick<AppDependencies, 'images' | 'jobs'> & { maxPoints: number },
): void {
  app.post<{ Body: SegmentRequest }>(
    `${PROJECT_PATH}/context/vision/segment`,
    { schema, onRequest: [requireBetaVersion, requireSomeFiles('READ')], ...promptBody(maxPoints) },
    async ({ body, principal, headers: { authorization } }) => {
      // Another property of the body has no meaning here, even if it has one in Kontur's own operation.
      const { points, boundingBox } = body;
      const prompt = checkPrompt({ points, boundingBox }, maxPoints);
      const { project, subject } = principal;
      const [{ fileId: id, fileExternalId: externalId, fileInstanceId: instanceId }] = body.items;
      const image = await images.resolve({ principal, authorization }, { id, externalId, instanceId });
      const job = await jobs.submit({ project, subject, prompt, ...image });
      return toCreatedSegmentJob(job);
    },
  );
}

/** Checked before the body, because a client that forgot the header has to change nothing else. */
async function requireBetaVersion(request: FastifyRequest): Promise<void> {
  if (allowsBeta(request.headers['cdf-version'])) return;
  throw new KonturError('beta-header-missing', 'This operation needs the header "cdf-version: beta" (or alpha).');
}
