import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { SaveSegment } from '#contract/annotations/named-annotation';
import { defined } from '#contract/defined';
import { KonturError } from '#contract/errors';
import { JobIdSchema } from '#contract/vision/segment-job';
import { readOutline } from '#outputs/outline-polygon';
import { toWireOutlines } from '#outputs/to-wire-polygons';
import { requireSomeFiles } from '../../../require-rights.ts';
import { answer, refusals } from '../../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../../project-path.ts';
import { type FoundSegments, findSegments } from '../find-segments.ts';
import type { AnnotationRouteDependencies } from './annotation-route-dependencies.ts';

const schema = {
  operationId: 'saveSegment',
  tags: ['Kontur'],
  summary: 'Save a segment of a job as an annotation',
  description: 'One annotation, whose polygon holds all parts and holes; its confidence is the score of the segment.',
  params: projectParams({ jobId: JobIdSchema }),
  body: Type.Ref('SaveSegment'),
  response: {
    201: answer('The annotation.', Type.Ref('NamedAnnotation')),
    404: answer('No such job in this project, or no such segment of it.', Type.Ref('Error')),
    409: answer('The job has not ended yet, or has failed.', Type.Ref('Error')),
    ...refusals(400, 401, 403, 413, 415),
  },
};

/** Adds `POST …/kontur/segment/{jobId}/annotation`. */
export function addSaveSegment(app: FastifyInstance, dependencies: AnnotationRouteDependencies): void {
  app.post<{ Params: { jobId: number }; Body: SaveSegment }>(
    `${PROJECT_PATH}/kontur/segment/:jobId/annotation`,
    { schema, onRequest: requireSomeFiles('READ') },
    async (request, reply) => {
      const { params, body, principal, headers } = request;
      const { segment: index, label, status } = body;
      const found = await findSegments(dependencies, request, { jobId: params.jobId, index });
      const { score, rings } = outlineOf(found, index);
      if (rings.length === 0) {
        throw new KonturError('segment-not-found', `Segment ${index} of job ${params.jobId} is too small to be saved.`);
      }
      const { fileId } = found.job.file;
      const origin = { jobId: params.jobId, segment: index, rank: index, ...(score !== undefined && { score }) };
      const object = { fileId, label, status, rings, origin, ...(score !== undefined && { score }) };
      const [saved] = await dependencies.named.create({ principal, authorization: headers.authorization }, [object]);
      return reply.code(201).send(saved);
    },
  );
}

function outlineOf({ result }: FoundSegments, index: number) {
  if ('polygons' in result) {
    const { score, polygons } = defined(result.polygons[index], 'segment that was found');
    return { score, rings: polygons.flatMap(readOutline) };
  }
  const { score, parts } = defined(result.segments[index], 'segment that was found');
  return { score, rings: toWireOutlines(parts, result).map(({ rings }) => rings) };
}
