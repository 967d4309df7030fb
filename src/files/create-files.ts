import type { Readable } from 'node:stream';
import type { Blobs } from '../blobs/blobs.ts';
import type { FileCreate } from '../contract/file.ts';
import type { FileReference } from '../contract/file-reference.ts';
import type { Database } from '../database/open-database.ts';
import { createFile } from './create-file.ts';
import type { FileRecord } from './file-record.ts';
import { findFiles } from './find-files.ts';
import { type FileListQuery, type FilePage, listFiles } from './list-files.ts';
import { removeFiles } from './remove-files.ts';
import { type Upload, uploadContent } from './upload-content.ts';

/** The operations on files. What each does and throws is said where it is written. */
export interface Files {
  create(project: string, input: FileCreate, options: { overwrite: boolean }): Promise<FileRecord>;
  find(project: string, references: FileReference[], options: { ignoreUnknownIds: boolean }): Promise<FileRecord[]>;
  list(project: string, query: FileListQuery): Promise<FilePage>;
  remove(project: string, references: FileReference[], options: { ignoreUnknownIds: boolean }): Promise<void>;
  upload(upload: Upload, content: Readable, limitBytes: number): Promise<FileRecord>;
}

/** Files over a database and a store of contents. `now` is in milliseconds since 1970-01-01 UTC. */
export function createFiles({
  database,
  blobs,
  now = Date.now,
}: {
  database: Database;
  blobs: Blobs;
  now?: () => number;
}): Files {
  return {
    create: (project, input, options) => createFile({ database, now }, project, input, options),
    find: (project, references, options) => findFiles({ database }, project, references, options),
    list: (project, query) => listFiles({ database }, project, query),
    remove: (project, references, options) => removeFiles({ database, blobs }, project, references, options),
    upload: (upload, content, limitBytes) => uploadContent({ database, blobs, now }, upload, content, limitBytes),
  };
}
