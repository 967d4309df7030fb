import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { createFiles, type Files } from '../src/files/create-files.ts';
import type { FileRecord } from '../src/files/file-record.ts';
import { openTestBlobs, type StoreKind, type TestBlobs } from './test-blobs.ts';
import { DATABASE_KINDS, type DatabaseKind, openTestDatabase, type TestDatabase } from './test-database.ts';

/** Combinations of database and store that every test of contents of files runs on. */
export const FILE_KINDS: [DatabaseKind, StoreKind][] = [
  ...DATABASE_KINDS.map((kind): [DatabaseKind, StoreKind] => [kind, 'disk']),
  ['PGlite', 'S3'],
];

export interface TestFiles extends TestDatabase, Omit<TestBlobs, 'remove'> {
  files: Files;
  /** Clock of the files; tests set it. */
  clock: { time: number };
  upload(file: FileRecord, content: Uint8Array | string): Promise<FileRecord>;
}

/** Opens files on a database and a store for one test. */
export async function openTestFiles(kind: DatabaseKind, storeKind: StoreKind = 'disk'): Promise<TestFiles> {
  const test = await openTestDatabase(kind);
  const store = await openTestBlobs(storeKind);
  const clock = { time: 1_700_000_000_000 };
  const files = createFiles({ database: test.database, blobs: store.blobs, now: () => clock.time });
  return {
    ...test,
    ...store,
    files,
    clock,
    upload: (file, content) => files.upload(uploadOf(file), Readable.from([Buffer.from(content)]), 1_000_000),
    async remove() {
      await test.remove();
      await store.remove();
    },
  };
}

/** The upload that a link for this state of the file allows. */
export const uploadOf = ({ project, id, uploadGeneration }: FileRecord) => ({ project, fileId: id, uploadGeneration });

/** A project that no other test uses. */
export const newProject = () => `project-${randomBytes(6).toString('hex')}`;
