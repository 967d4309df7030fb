import { Readable } from 'node:stream';
import type { Selectable } from 'kysely';
import { defined } from '#contract/defined';
import { KonturError } from '#contract/errors';
import type { FileReference } from '#contract/files/file-reference';
import type { Blobs, StoredBlob } from '../blobs/blobs.ts';
import { UncertainCommit } from '../database/database-error.ts';
import type { Database } from '../database/open-database.ts';
import type { MultipartUploadPartsTable } from '../database/schema.ts';
import { checkParts } from './check-parts.ts';
import { checkText } from './check-text.ts';
import type { FileLife } from './file-life.ts';
import type { FileRecord } from './file-record.ts';
import { findFiles } from './find-files.ts';
import type { FileWriter, WriteOptions } from './lock-files.ts';
import { findSession, type SessionReference } from './multipart-session.ts';
import { checkUploadable, replaceContent } from './replace-content.ts';

type Part = Selectable<MultipartUploadPartsTable>;
interface Dependencies {
  database: Database;
  blobs: Blobs;
  life?: Pick<FileLife, 'uploaded'>;
  now: () => number;
}

/**
 * Creates the function that makes the parts of an upload the content of its file, replacing any earlier one. It is
 * idempotent; while one call joins a large file, further calls for the same upload wait for it (single flight), since
 * clients retry when an answer takes long.
 *
 * @returns a function that throws KonturError `files-not-found`, `upload-not-found`, `upload-incomplete`, `forbidden`
 *   (a newer upload link exists, or the writer may not write the file at the end), `disk-full`; the parts are kept then
 */
export function createMultipartCompletion(dependencies: Dependencies) {
  const running = new Map<string, Promise<FileRecord>>();

  return async (
    project: string,
    reference: FileReference,
    uploadId: string,
    { writer }: WriteOptions = {},
  ): Promise<FileRecord> => {
    checkText(uploadId, 'uploadId');
    const find = async () => {
      const [file] = await findFiles(dependencies, project, [reference], { ignoreUnknownIds: false });
      return defined(file, 'file of the upload');
    };
    const { id: fileId } = await find();
    const session = { project, fileId, uploadId };
    const { completed_time } = await findSession(dependencies.database.kysely, session, { lock: false });
    // Read again, since it may have been completed between the two reads.
    if (completed_time !== null) return await find();
    const completion =
      running.get(uploadId) ?? complete(dependencies, session, writer).finally(() => running.delete(uploadId));
    running.set(uploadId, completion);
    return completion;
  };
}

async function complete(
  { database, blobs, life, now }: Dependencies,
  reference: SessionReference,
  writer: FileWriter | undefined,
): Promise<FileRecord> {
  const { kysely } = database;
  const session = await findSession(kysely, reference, { lock: false });
  const upload = { ...reference, uploadGeneration: session.upload_generation };
  await checkUploadable(kysely, upload);
  const parts = await findParts(kysely, reference.uploadId);
  checkParts(session.parts, parts);
  const content = await assemble(blobs, parts);
  try {
    const { file, unused } = await kysely.transaction().execute(async (transaction) => {
      const { file, replaced } = await replaceContent(transaction, upload, content, now());
      // The file is locked now; it may have been moved to another data set while its parts were joined.
      writer?.authoriseWrite(file);
      await findSession(transaction, reference, { lock: true });
      refuseChange(parts, await findParts(transaction, reference.uploadId));
      await transaction.deleteFrom('multipart_upload_parts').where('upload_id', '=', reference.uploadId).execute();
      await transaction
        .updateTable('multipart_uploads')
        .set({ completed_time: now() })
        .where('upload_id', '=', reference.uploadId)
        .execute();
      return { file, unused: [replaced, ...parts.map(({ blob_key }) => blob_key)] };
    });
    const removable = unused.filter((key) => key !== null).filter((key) => key !== content.key);
    await Promise.all(removable.map((key) => blobs.remove(key)));
    life?.uploaded(file);
    return file;
  } catch (error) {
    const assembled = parts.every(({ blob_key }) => blob_key !== content.key);
    if (assembled && !(error instanceof UncertainCommit)) await blobs.remove(content.key);
    throw error;
  }
}

function findParts(kysely: Pick<Database['kysely'], 'selectFrom'>, uploadId: string): Promise<Part[]> {
  return kysely
    .selectFrom('multipart_upload_parts')
    .selectAll()
    .where('upload_id', '=', uploadId)
    .orderBy('part')
    .execute();
}

/**
 * Joins all parts to one blob. A single part is reused: clients send small files so
 * (docs/contract.md#files-client-uploads).
 */
async function assemble(blobs: Blobs, parts: Part[]): Promise<StoredBlob> {
  const [first, ...others] = parts;
  if (first && others.length === 0) {
    return { key: first.blob_key, sha256: first.content_sha256, bytes: first.content_bytes };
  }
  const content = Readable.from(readAll(blobs, parts));
  try {
    const bytes = parts.reduce((sum, { content_bytes }) => sum + content_bytes, 0);
    return await blobs.write(content, bytes);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? changedMeanwhile(error) : error;
  } finally {
    content.destroy();
  }
}

async function* readAll(blobs: Blobs, parts: Part[]) {
  for (const { blob_key } of parts) yield* blobs.read(blob_key);
}

function refuseChange(assembled: Part[], current: Part[]): void {
  const same =
    assembled.length === current.length && current.every(({ blob_key }, n) => blob_key === assembled[n]?.blob_key);
  if (!same) throw changedMeanwhile();
}

const changedMeanwhile = (cause?: unknown) =>
  new KonturError('upload-incomplete', 'A part was uploaded again while the upload was completed. Complete it again.', {
    cause,
  });
