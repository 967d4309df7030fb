import { once } from 'node:events';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { makeZip } from 'client-zip';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { type SetQuery, SetQuerySchema } from '#contract/annotations/set-query';
import { defined } from '#contract/defined';
import type { SetFile, SetPhoto } from '#outputs/sets/set-format';
import { SET_FORMATS } from '#outputs/sets/set-formats';
import { readableDataSets } from '../../../auth/authorise.ts';
import { createSemaphore } from '../../../runtime/semaphore.ts';
import { goneSignal } from '../../gone-signal.ts';
import { requireRights } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { readSetEntries, type SetDependencies } from './set-entries.ts';

/** Sets that are written at a time, so that exports do not keep the database from everyone else. */
const MOST_AT_ONCE = 4;
const MOST_WAITING = 16;

const BINARY = { schema: Type.String({ format: 'binary' }) };
const DOCUMENT = { schema: Type.Unsafe({ type: 'object', additionalProperties: true }) };
const schema = {
  operationId: 'exportAnnotations',
  tags: ['Kontur'],
  summary: 'All annotations as one set: COCO, YOLO, LabelMe or CSV, with or without photos',
  description:
    'Written as it is read, of any size. COCO and CSV without photos are one document, everything else is a zip. Only annotations on files that the caller may read are in it. An answer that breaks off was not finished: a JSON document or a zip is then incomplete. What is in each format: docs/outputs.md.',
  params: projectParams(),
  querystring: SetQuerySchema,
  response: {
    200: {
      description: 'The set.',
      headers: {
        'kontur-annotations': { type: 'integer', description: 'How many annotations were there when it began.' },
      },
      content: { 'application/json': DOCUMENT, 'text/csv': BINARY, 'application/zip': BINARY },
    },
    ...refusals(400, 401, 403),
    429: answer('Too many sets are being written. Retry after the given time.', Type.Ref('Error')),
  },
};

/** Adds `GET …/kontur/export`. */
export function addExportSet(app: FastifyInstance, dependencies: SetDependencies): void {
  const limit = createSemaphore({ running: MOST_AT_ONCE, waiting: MOST_WAITING, what: 'exports' });
  app.get<{ Querystring: SetQuery }>(
    `${PROJECT_PATH}/kontur/export`,
    { schema, onRequest: requireRights({ acl: 'filesAcl', action: 'READ' }) },
    async ({ query, principal }, reply) => {
      const { images: withPhotos, encoding, ...chosen } = query;
      const format = defined(
        SET_FORMATS.find(({ name }) => name === query.format),
        'format of the set',
      );
      const signal = goneSignal(reply);
      const dataSetIds = readableDataSets(principal);
      const filter = {
        ...(!format.takesAll && { annotationType: 'images.ObjectDetection' as const }),
        ...(chosen.dataSetId !== undefined && { dataSetIds: [chosen.dataSetId] }),
        label: chosen.label,
        status: chosen.status,
      };
      const counts = await dependencies.annotations.countLabels(principal.project, filter, { dataSetIds });
      const { needsSize } = format;
      const source = {
        labels: counts.flatMap(({ label }) => label ?? []),
        entries: readSetEntries(dependencies, { principal, filter, dataSetIds, needsSize, signal }),
        withPhotos,
        giveWay: () => setImmediate(),
      };
      const single = withPhotos ? undefined : format.single;
      const files = format.write(source, { encoding });
      const content = single === undefined ? zip(files, dependencies, principal.project) : await onlyText(files);
      await new Promise<void>((resolve, reject) => {
        // The place is free again when the answer has ended, one way or another.
        const hold = async () => {
          resolve();
          await once(reply.raw, 'close');
        };
        limit.run(hold, signal).catch(reject);
      });
      const { mediaType, extension } = single ?? { mediaType: 'application/zip', extension: 'zip' };
      reply.headers({
        'content-disposition': `attachment; filename="annotations-${format.name}.${extension}"`,
        'cache-control': 'private, no-store',
        'content-security-policy': "sandbox; default-src 'none'",
        'kontur-annotations': counts.reduce((sum, { count }) => sum + count, 0),
      });
      return reply.type(mediaType).send(content);
    },
  );
}

/** The one file of a set as a stream. */
async function onlyText(files: AsyncIterable<SetFile>): Promise<Readable> {
  const { value } = await files[Symbol.asyncIterator]().next();
  return Readable.from(value !== undefined && 'text' in value ? value.text : [], { objectMode: false });
}

/** The files of a set as a zip, with the photos as they are in the store: they are compressed already. */
function zip(files: AsyncIterable<SetFile>, { files: records, blobs }: SetDependencies, project: string): Readable {
  const lastModified = new Date();
  async function* entries() {
    for await (const file of files) {
      const input = 'text' in file ? file.text : await openPhoto(file.photo);
      if (input !== undefined) yield { name: file.path, input, lastModified };
    }
  }
  /** Undefined if the photo has no content, or was deleted meanwhile. */
  async function openPhoto({ id }: SetPhoto): Promise<AsyncIterable<Buffer> | undefined> {
    const [found] = await records.findEntries(project, [{ id }], { ignoreUnknownIds: true });
    return found?.content === undefined ? undefined : blobs.read(found.content.blobKey);
  }
  return Readable.fromWeb(makeZip(entries(), { buffersAreUTF8: true }) as Parameters<typeof Readable.fromWeb>[0]);
}
