import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { type TSchema, Type } from 'typebox';
import { segmentIndexProperty } from '#contract/vision/outputs';
import { JobIdSchema } from '#contract/vision/segment-job';
import { fromWirePolygons } from '#geometry/from-wire-polygons';
import type { OutputSegment } from '#geometry/output-segment';
import type { ImageSize } from '#geometry/spaces';
import type { OpenImage } from '../../../images/image-source.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { goneSignal } from '../../gone-signal.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { findSegment } from './find-segment.ts';
import { openImageOfJob } from './open-image.ts';
import { isKnown, sendPicture } from './send-picture.ts';

export type OutputDependencies = Pick<AppDependencies, 'images' | 'jobs' | 'pictures'>;

/** What an output is made of. */
export interface OutputSource<Query> {
  /** The image that the job was posted for, and its upright size. */
  image: OpenImage & ImageSize & { fileId: number };
  segment: OutputSegment;
  query: Query;
  /** Aborted when the client has gone. */
  signal: AbortSignal;
}

/** One way to write a segment, which is an address below its job. */
export interface Output<Query> {
  /** Last part of the address; also of the name under which browsers save it. */
  name: string;
  operationId: string;
  summary: string;
  description: string;
  mediaType: string;
  /** Of the answer: text where it is neither JSON nor binary. */
  schema: TSchema;
  /** The segment's index stands in it without saying. */
  querySchema?: TSchema;
  make(source: OutputSource<Query>): Promise<string | Readable> | string | Readable;
}

/** `GET …/kontur/segment/{jobId}/<name>`. */
export function addOutputRoute<Query extends { segment: number }>(
  app: FastifyInstance,
  dependencies: OutputDependencies,
  { name, mediaType, make, ...output }: Output<Query>,
): void {
  const schema = {
    operationId: output.operationId,
    tags: ['Kontur'],
    summary: output.summary,
    description: output.description,
    params: projectParams({ jobId: JobIdSchema }),
    querystring: output.querySchema ?? Type.Object(segmentIndexProperty),
    response: {
      200: { description: 'The segment.', content: { [mediaType]: { schema: output.schema } } },
      304: { type: 'null', description: 'The same as what the ETag in If-None-Match stands for.' },
      ...refusals(400, 401, 403),
      404: answer('No such job in this project, or no such segment of it.', Type.Ref('Error')),
      409: answer('The job has not ended yet, or has failed.', Type.Ref('Error')),
      429: answer('Too many pictures are being made. Retry after the given time.', Type.Ref('Error')),
    },
  };
  app.get<{ Params: { jobId: number } }>(
    `${PROJECT_PATH}/kontur/segment/:jobId/${name}`,
    { schema },
    async (request, reply) => {
      const { params } = request;
      // The schema above has it so; the types of the framework cannot follow.
      const query = request.query as Query;
      const signal = goneSignal(reply);
      const index = query.segment;
      const { job, segment } = await findSegment(dependencies, request, { jobId: params.jobId, index });
      const etag = `"${[job.jobId, ...Object.values(query), name].join('-')}"`;
      if (isKnown(request, etag)) return sendPicture(reply, { etag }).code(304).send();

      const opened = await openImageOfJob(dependencies, request, job, signal);
      const size = await dependencies.pictures.measure(opened, signal);
      const made = await make({
        image: { ...opened, ...size, fileId: job.file.fileId },
        segment: { index, score: segment.score, parts: fromWirePolygons(segment.polygons, size) },
        query,
        signal,
      });
      const fileName = `segment-${job.jobId}-${index}${name.includes('.') ? '-' : '.'}${name}`;
      return sendPicture(reply, { etag, mediaType, fileName }).send(made);
    },
  );
}
