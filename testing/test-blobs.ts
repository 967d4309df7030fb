import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Blobs } from '../src/blobs/blobs.ts';
import { createDiskBlobs } from '../src/blobs/disk-blobs.ts';
import { createLocalCopies } from '../src/blobs/local-copies.ts';
import { createS3Blobs } from '../src/blobs/s3-blobs.ts';
import { openS3Bucket } from '../src/blobs/s3-bucket.ts';
import { type S3Server, startS3Server } from './s3-server.ts';

/** Kinds of stores that every test of contents runs on. */
export const STORE_KINDS = ['disk', 'S3'] as const;
export type StoreKind = (typeof STORE_KINDS)[number];

export interface TestBlobs {
  blobs: Blobs;
  /** Keys of the stored contents, and names of everything else in the store. */
  storedKeys(): Promise<string[]>;
  /** Deletes everything. */
  remove(): Promise<void>;
}

/** Opens an empty store for one test. */
export async function openTestBlobs(kind: StoreKind): Promise<TestBlobs> {
  const folder = await mkdtemp(join(tmpdir(), 'kontur-blobs-'));
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  if (kind === 'disk') {
    const storedKeys = async () => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    };
    return { blobs: await createDiskBlobs(folder), storedKeys, remove: removeFolder };
  }
  const { server, leave } = await joinServer();
  const prefix = `${randomBytes(6).toString('hex')}/`;
  const bucket = await openS3Bucket(server.location(prefix));
  const copies = createLocalCopies({ folder, limitBytes: 1_000_000_000, keepMs: 60_000 });
  return {
    blobs: createS3Blobs({ bucket, folder: 'contents', copies }),
    storedKeys: async () => (await server.list(prefix)).map((name) => name.slice(`${prefix}contents/`.length)),
    async remove() {
      bucket.close();
      await leave();
      await removeFolder();
    },
  };
}

let shared: { server: Promise<S3Server>; users: number } | undefined;

/** Joins the server of this test process, which ends with its last user. */
async function joinServer(): Promise<{ server: S3Server; leave: () => Promise<void> }> {
  shared ??= { server: startS3Server(), users: 0 };
  const { server } = shared;
  shared.users += 1;
  const { environment } = await server;
  Object.assign(process.env, environment);
  return {
    server: await server,
    async leave() {
      shared!.users -= 1;
      if (shared!.users > 0) return;
      shared = undefined;
      await (await server).close();
    },
  };
}
