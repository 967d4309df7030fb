import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { Blobs } from '../blobs/blobs.ts';
import { createCacheFolder } from '../blobs/cache-folder.ts';
import { createDirectUploads, type DirectUploads } from '../blobs/direct-uploads.ts';
import { createDiskBlobs } from '../blobs/disk-blobs.ts';
import { createLocalCopies, type LocalCopies } from '../blobs/local-copies.ts';
import { createS3Blobs } from '../blobs/s3-blobs.ts';
import { openS3Bucket, type S3Bucket } from '../blobs/s3-bucket.ts';
import { createS3Cache } from '../blobs/s3-cache.ts';
import type { Config } from '../config/load-config.ts';
import { claimStore, MARK, type StoreMark } from '../database/claim-store.ts';
import type { Database } from '../database/open-database.ts';
import type { Cleanup } from '../runtime/cleanup.ts';
import type { FileCache } from '../runtime/file-cache.ts';

/** The stores of contents, in a folder or in a bucket. */
export interface ContentStores {
  /** Checks that the store exists and belongs to the database, and opens the contents of files. */
  openFiles(database: Database): Promise<Blobs>;
  /** Opens the copies of an upstream's files. They are separate from the contents of files, which are swept. */
  openUpstream(): Promise<Blobs>;
  /** Embeddings on disk or in the bucket, which outlive the process. */
  embeddings: FileCache;
  /** This process's local copies of what is in the bucket. */
  copies?: LocalCopies;
  /** Direct uploads: clients put contents straight to the bucket. */
  uploads?: DirectUploads;
}

type Settings = Pick<
  Config,
  | 'blobs'
  | 'blobsCacheMb'
  | 'blobsDirect'
  | 'cacheDir'
  | 'dataDir'
  | 'databaseUrl'
  | 'embeddingStoreMb'
  | 'jobTimeoutMs'
>;

const MEBIBYTE = 1024 * 1024;
/** Folder of the contents of files in a bucket. */
const CONTENTS = 'contents';

/**
 * Opens the stores. What can be computed again is next to the database: in the data folder with an embedded one, else
 * where all processes share it. No request is sent to the store yet.
 */
export async function openContentStores(config: Settings, { cleanup }: { cleanup: Cleanup }): Promise<ContentStores> {
  const { blobs, dataDir } = config;
  const embedded = config.databaseUrl === undefined;
  const limitBytes = config.embeddingStoreMb * MEBIBYTE;
  const inFolder = (folder: string): Pick<ContentStores, 'openUpstream' | 'embeddings'> => ({
    openUpstream: () => createDiskBlobs(path.join(folder, 'upstream'), { shared: !embedded }),
    embeddings: createCacheFolder({ folder: path.join(folder, 'embeddings'), limitBytes }),
  });

  if ('folder' in blobs) {
    const { folder } = blobs;
    return {
      ...inFolder(embedded ? dataDir : folder),
      async openFiles(database) {
        // A folder in the data folder of an embedded database is protected by that folder's lock.
        if (!embedded || folder !== path.join(dataDir, 'blobs')) await claimStore(database, await markOfFolder(folder));
        return createDiskBlobs(folder, { shared: !embedded });
      },
    };
  }

  // Which Node versions the SDK supports is this package's concern, not the operator's.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const bucket = await openS3Bucket(blobs);
  cleanup.add(async () => bucket.close());
  const copiesIn = (name: string) =>
    createLocalCopies({
      folder: path.join(config.cacheDir, name),
      limitBytes: config.blobsCacheMb * MEBIBYTE,
      keepMs: 2 * config.jobTimeoutMs,
    });
  const copies = copiesIn('contents');
  const shared = embedded
    ? inFolder(dataDir)
    : {
        openUpstream: async () => createS3Blobs({ bucket, folder: 'upstream', copies: copiesIn('upstream') }),
        embeddings: createS3Cache({ bucket, folder: 'embeddings', limitBytes }),
      };
  return {
    ...shared,
    copies,
    ...(config.blobsDirect && { uploads: createDirectUploads({ bucket, folder: CONTENTS }) }),
    async openFiles(database) {
      await bucket.check();
      await claimStore(database, markOfBucket(bucket));
      return createS3Blobs({ bucket, folder: CONTENTS, copies });
    },
  };
}

async function markOfFolder(folder: string): Promise<StoreMark> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, MARK);
  return {
    place: `folder ${folder}`,
    read: () => readFile(file, 'utf8').catch(ignoreMissing),
    write: (content) => writeFile(file, content, { mode: 0o600, flag: 'wx', flush: true }),
  };
}

function markOfBucket(bucket: S3Bucket): StoreMark {
  const { bucket: name, prefix } = bucket.location;
  return {
    place: `place s3://${name}/${prefix}`,
    read: () => text(bucket.read(MARK)).catch(ignoreMissing),
    write: (content) => bucket.put(MARK, Buffer.from(content)),
  };
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
