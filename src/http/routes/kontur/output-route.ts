import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { JobIdSchema } from '#contract/vision/segment-job';
import { addressOf, type OptionValues, type OutputFormat } from '#outputs/output-format';
import type { AppDependencies } from '../../app-dependencies.ts';
import { goneSignal } from '../../gone-signal.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { findSegments } from './find-segments.ts';
import { openSource } from './open-source.ts';
import { isKnown, sendPicture } from './send-picture.ts';

/** The parts of an app that output formats need. */
export type OutputDependencies = Pick<AppDependencies, 'images' | 'jobs' | 'pictures'>;

/** Query parameter of formats that write one segment: its index in the job. */
const segmentOption = {
  segment: { type: 'integer', minimum: 0, maximum: 1000, default: 0, description: 'Which segment, from 0, the best.' },
};

/** Adds `GET …/kontur/segment/{jobId}/<address of the format>`. */
export function addOutputRoute(app: FastifyInstance, dependencies: OutputDependencies, format: OutputFormat): void {
  const { mediaType, needs, writesAll } = format;
  const address = addressOf(format);
  const schema = {
    operationId: format.operationId,
    tags: ['Kontur'],
    summary: format.summary,
    description: format.description,
    params: projectParams({ jobId: JobIdSchema }),
    querystring: { type: 'object', properties: { ...(!writesAll && segmentOption), ...format.options } },
    response: {
      200: { description: 'The segment.', content: { [mediaType]: { schema: format.schema } } },
      304: { type: 'null', description: 'The same as what the ETag in If-None-Match stands for.' },
      ...refusals(400, 401, 403),
      404: answer('No such job in this project, or no such segment of it.', Type.Ref('Error')),
      409: answer('The job has not ended yet, or has failed.', Type.Ref('Error')),
      429: answer('Too many pictures are being made. Retry after the given time.', Type.Ref('Error')),
    },
  };
  app.get<{ Params: { jobId: number }; Querystring: OptionValues & { segment: number } }>(
    `${PROJECT_PATH}/kontur/segment/:jobId/${address}`,
    { schema, compress: false },
    async (request, reply) => {
      const { params, query } = request;
      const signal = goneSignal(reply);
      const index = writesAll ? undefined : query.segment;
      const found = await findSegments(dependencies, request, { jobId: params.jobId, index });
      const etag = toEtag([params.jobId, ...Object.values(query), address]);
      if (isKnown(request, etag)) return sendPicture(reply, { etag }).code(304).send();

      const { source, raster } = await openSource(dependencies, request, found, { needs, signal });
      const written = await format.write(source, query, raster);
      const place = index === undefined ? '' : `-${index}`;
      const fileName = `segment-${params.jobId}${place}${address.includes('.') ? '-' : '.'}${address}`;
      return sendPicture(reply, { etag, mediaType, fileName }).send(written);
    },
  );
}

/** Options may be texts of the client's, with characters that a header cannot have. */
const toEtag = (parts: unknown[]): string => `"${Buffer.from(parts.join(' ')).toString('base64url')}"`;
