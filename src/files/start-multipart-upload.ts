import { randomUUID } from 'node:crypto';
import type { Database } from '../database/open-database.ts';
import type { FileRecord } from './file-record.ts';

/** An upload of a file in parts. */
export interface MultipartUpload {
  uploadId: string;
  file: FileRecord;
  /** How many parts there are, numbered from 1. */
  parts: number;
}

/** Begins an upload in parts on the occasion that the record of the file stands for; the file changes when it is completed. */
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
