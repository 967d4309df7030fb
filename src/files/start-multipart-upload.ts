import { randomUUID } from 'node:crypto';
import type { Database } from '../database/open-database.ts';
import type { FileRecord } from './file-record.ts';

/** A multipart upload of a file. */
export interface MultipartUpload {
  uploadId: string;
  file: FileRecord;
  /** Number of parts; they are numbered from 1. */
  parts: number;
}

/** Begins a multipart upload for the file's current upload link; the file changes when the upload is completed. */
export async function startMultipartUpload(
  { database, now }: { database: Database; now: () => number },
  file: FileRecord,
  parts: number,
): Promise<MultipartUpload> {
  const uploadId = randomUUID();
  await database.kysely
    .insertInto('multipart_uploads')
    .values({
      upload_id: uploadId,
      project: file.project,
      file_id: file.id,
      upload_generation: file.uploadGeneration,
      parts,
      created_time: now(),
    })
    .execute();
  return { uploadId, file, parts };
}
