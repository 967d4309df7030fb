import type { FastifyBaseLogger, FastifyInstance, FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { KonturError } from '#contract/errors';
import { JobIdSchema } from '#contract/vision/segment-job';
import { authoriseSomeFiles } from '../../../auth/authorise.ts';
import type { Reader } from '../../../images/image-source.ts';
import type { JobChange } from '../../../jobs/job-changes.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { createEventStreams, type EventStream } from '../../event-streams.ts';
import { answer, refusals } from '../describe-answers.ts';
import { findReadableJob } from '../find-readable-job.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';

type Dependencies = Pick<AppDependencies, 'images' | 'jobs'>;

const schema = {
  operationId: 'streamSegmentEvents',
  tags: ['Kontur'],
  summary: 'Follow segmentation jobs',
  description:
    'Server-sent events named `segment`, whose data is `{"jobId", "fileId", "status", "statusTime"}`. With `jobId`: the state of that job at once and each new one, until it has ended. Without: every change from now on of the jobs of the project whose files the caller may read. Ends after 15 minutes at most; connect again.',
  params: projectParams(),
  querystring: Type.Object({ jobId: Type.Optional(JobIdSchema) }),
  response: {
    200: {
      description: 'The stream.',
      content: { 'text/event-stream': { schema: { type: 'string' } } },
    },
    ...refusals(400, 401, 403, 404),
    429: answer('Too many streams are open on this server. Poll, or try later.', Type.Ref('Error')),
  },
};

/** Adds `GET …/kontur/segment/events`. */
export function addStreamSegmentEvents(app: FastifyInstance, dependencies: Dependencies): void {
  const streams = createEventStreams(app);
  app.get<{ Querystring: { jobId?: number } }>(
    `${PROJECT_PATH}/kontur/segment/events`,
    { schema },
    async (request, reply) => {
      const {
        query: { jobId },
        principal,
        headers: { authorization },
        log,
      } = request;
      const reader = { principal, authorization };
      authoriseSomeFiles(principal, 'READ');
      if (jobId !== undefined) await findReadableJob(dependencies, request, jobId);
      let unsubscribe = () => {};
      const stream = streams.open(() => unsubscribe());
      unsubscribe =
        jobId === undefined
          ? followProject(dependencies, stream, reader, log)
          : followJob(dependencies, stream, reader, jobId, log);
      return sendStream(reply, stream);
    },
  );
}

function sendStream(reply: FastifyReply, { body }: EventStream): FastifyReply {
  return (
    reply
      .header('cache-control', 'no-store')
      // Stops nginx from buffering the events.
      .header('x-accel-buffering', 'no')
      .type('text/event-stream')
      .send(body)
  );
}

/** Reads the job for each event, so that a missed event is made up for by the next one. */
function followJob(
  { jobs }: Dependencies,
  stream: EventStream,
  { principal }: Reader,
  jobId: number,
  log: FastifyBaseLogger,
): () => void {
  let last = '';
  const show = inOrder(stream, log, async () => {
    const { file, status, statusTime } = await jobs.find(principal.project, jobId);
    if (status !== last) stream.send('segment', { jobId, fileId: file.fileId, status, statusTime });
    last = status;
    if (status === 'Completed' || status === 'Failed') stream.end();
  });
  const unsubscribe = jobs.subscribe({
    changed: (change) => change.jobId === jobId && show(),
    missed: show,
  });
  show();
  return unsubscribe;
}

function followProject(
  { images, jobs }: Dependencies,
  stream: EventStream,
  reader: Reader,
  log: FastifyBaseLogger,
): () => void {
  const show = inOrder(stream, log, async (change: JobChange) => {
    const { project: _, ...shown } = change;
    try {
      await images.checkReadable(reader, { fileId: change.fileId });
    } catch (error) {
      if (error instanceof KonturError && error.code === 'forbidden') return;
      throw error;
    }
    stream.send('segment', shown);
  });
  return jobs.subscribe({
    changed: (change) => change.project === reader.principal.project && show(change),
    missed: () => stream.end(),
  });
}

/** Runs the step for each call, one after another. If a step fails, the stream is ended, and its client reconnects. */
function inOrder<T extends unknown[]>(
  stream: EventStream,
  log: FastifyBaseLogger,
  step: (...args: T) => Promise<void>,
): (...args: T) => void {
  let latest = Promise.resolve();
  return (...args) => {
    latest = latest
      .then(() => step(...args))
      .catch((error: unknown) => {
        log.warn(error, 'A stream of events was ended: what it follows could not be read. Its client connects again.');
        stream.end();
      });
  };
}
