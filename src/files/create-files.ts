import type { Readable } from 'node:stream';
import type { FileCreate } from '#contract/files/file';
import type { FileFilter } from '#contract/files/file-filter';
import type { FileReference } from '#contract/files/file-reference';
import type { FileUpdate } from '#contract/files/file-update';
import type { Blobs } from '../blobs/blobs.ts';
import type { Database } from '../database/open-database.ts';
import { createMultipartCompletion } from './complete-multipart-upload.ts';
import { countFiles } from './count-files.ts';
import { createFile } from './create-file.ts';
import type { FileLife } from './file-life.ts';
import type { FileEntry, FileRecord } from './file-record.ts';
import { type FindOptions, findEntries, findFiles } from './find-files.ts';
import { createPlaceFinder } from './geo-location/place-finder.ts';
import { type FileListQuery, type FilePage, listFiles } from './list-files.ts';
import type { WriteOptions } from './lock-files.ts';
import { removeFiles } from './remove-files.ts';
import { renewUpload } from './renew-upload.ts';
import type { Upload } from './replace-content.ts';
import { type FileSearchQuery, searchFiles } from './search-files.ts';
import { type MultipartUpload, startMultipartUpload } from './start-multipart-upload.ts';
import { updateFiles } from './update-files.ts';
import { uploadContent } from './upload-content.ts';
import { type PartUpload, uploadPart } from './upload-part.ts';
import type { FileReader } from './visible-files.ts';

/** The operations on files. Each is documented, with what it throws, at its function in this folder. */
export interface Files {
  /**
   * Ingests direct uploads for files of a project (settle-first.ts); does nothing if uploads never go straight to the
   * store.
   */
  settle(project: string): Promise<void>;
  create(project: string, input: FileCreate, options: { overwrite: boolean } & WriteOptions): Promise<FileRecord>;
  find(project: string, references: FileReference[], options: FindOptions): Promise<FileRecord[]>;
  findEntries(project: string, references: FileReference[], options: FindOptions): Promise<FileEntry[]>;
  list(project: string, query: FileListQuery, reader?: FileReader): Promise<FilePage>;
  search(project: string, query: FileSearchQuery, reader?: FileReader): Promise<FileRecord[]>;
  count(project: string, filter: FileFilter, reader?: FileReader): Promise<number>;
  update(project: string, updates: FileUpdate[], options?: WriteOptions): Promise<FileRecord[]>;
  remove(
    project: string,
    references: FileReference[],
    options: { ignoreUnknownIds: boolean } & WriteOptions,
  ): Promise<FileEntry[]>;
  upload(upload: Upload, content: Readable, limitBytes: number): Promise<FileRecord>;
  renewUpload(project: string, reference: FileReference, options?: WriteOptions): Promise<FileRecord>;
  startMultipartUpload(file: FileRecord, parts: number): Promise<MultipartUpload>;
  uploadPart(upload: PartUpload, content: Readable, limitBytes: number): Promise<void>;
  completeMultipartUpload(
    project: string,
    reference: FileReference,
    uploadId: string,
    options?: WriteOptions,
  ): Promise<FileRecord>;
}

/** The operations on files over a database and a store of contents. `now` is in milliseconds since 1970-01-01 UTC. */
export function createFiles({
  database,
  blobs,
  life,
  now = Date.now,
}: {
  database: Database;
  blobs: Blobs;
  /** Notified of uploads and deletions. */
  life?: FileLife;
  now?: () => number;
}): Files {
  const places = createPlaceFinder({ database });
  return {
    settle: async () => {},
    create: (project, input, options) => createFile({ database, now }, project, input, options),
    find: (project, references, options) => findFiles({ database }, project, references, options),
    findEntries: (project, references, options) => findEntries({ database }, project, references, options),
    list: (project, query, reader) => listFiles({ database, places }, project, query, reader),
    search: (project, query, reader) => searchFiles({ database, places }, project, query, reader),
    count: (project, filter, reader) => countFiles({ database, places }, project, filter, reader),
    update: (project, updates, options) => updateFiles({ database, now }, project, updates, options),
    remove: (project, references, options) => removeFiles({ database, blobs, life, now }, project, references, options),
    upload: (upload, content, limitBytes) => uploadContent({ database, blobs, life, now }, upload, content, limitBytes),
    renewUpload: (project, reference, options) => renewUpload({ database, now }, project, reference, options),
    startMultipartUpload: (file, parts) => startMultipartUpload({ database, now }, file, parts),
    uploadPart: (upload, content, limitBytes) => uploadPart({ database, blobs }, upload, content, limitBytes),
    completeMultipartUpload: createMultipartCompletion({ database, blobs, life, now }),
  };
}
