import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Blobs } from '../../src/blobs/blobs.ts';
import { createDiskBlobs } from '../../src/blobs/disk-blobs.ts';
import { createFiles, type Files } from '../../src/files/create-files.ts';
import type { FileRecord } from '../../src/files/file-record.ts';
import { type DatabaseKind, openTestDatabase, type TestDatabase } from './test-database.ts';

export interface TestFiles extends TestDatabase {
  files: Files;
  blobs: Blobs;
  /** The time that the files see; to be set by the test. */
  clock: { time: number };
  /** Keys of the contents that are stored, and names of those still being written. */
  storedKeys(): Promise<string[]>;
  upload(file: FileRecord, content: Uint8Array | string): Promise<FileRecord>;
}

/** Files over a database and a folder of the test's own. */
export async function openTestFiles(kind: DatabaseKind): Promise<TestFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'kontur-blobs-'));
  const test = await openTestDatabase(kind);
  const blobs = await createDiskBlobs(folder);
  const clock = { time: 1_700_000_000_000 };
  const files = createFiles({ database: test.database, blobs, now: () => clock.time });
  return {
    ...test,
    files,
    blobs,
    clock,
    async storedKeys() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    },
    upload: (file, content) => files.upload(uploadOf(file), Readable.from([Buffer.from(content)]), 1_000_000),
    async remove() {
      await test.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The upload that a link made for this state of the file allows. */
export const uploadOf = ({ project, id, uploadGeneration }: FileRecord) => ({ project, fileId: id, uploadGeneration });

/** A project that no other test uses. */
export const newProject = () => `project-${randomBytes(6).toString('hex')}`;
