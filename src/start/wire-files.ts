import type { DirectUploads } from '../blobs/direct-uploads.ts';
import { createFiles, type Files } from '../files/create-files.ts';
import { createFileLife } from '../files/file-life.ts';
import { settleFirst } from '../files/settle-first.ts';
import { createUploadSettler, type UploadSettler } from '../files/settle-uploads.ts';
import { createEmbeddingUpkeep, type EmbeddingUpkeep } from '../images/embedding-upkeep.ts';
import type { ImageSource } from '../images/image-source.ts';
import { createOwnImages } from '../images/own-images.ts';
import { createUploadPrefetch } from '../images/upload-prefetch.ts';
import { failJobsOfDeletedFiles } from '../jobs/fail-unfinished.ts';
import { createGateway, type Gateway } from './create-gateway.ts';
import type { Foundation } from './open-foundation.ts';

/** Files, what follows from their changes, and the source of images for jobs. */
export interface FileParts {
  files: Files;
  /** Direct uploads to the store, if enabled. */
  uploads?: DirectUploads;
  settler?: UploadSettler;
  upkeep: EmbeddingUpkeep;
  images: ImageSource;
  /** Only in gateway mode. */
  gateway?: Gateway;
}

/** Wires files to the listeners of their life: jobs, embeddings, prefetching, direct uploads. */
export async function wireFiles({
  config,
  database,
  blobs,
  stores,
  engine,
  logger,
  cleanup,
}: Foundation): Promise<FileParts> {
  const life = createFileLife({ logger });
  const { uploads, embeddings } = stores;
  const settler =
    uploads && createUploadSettler({ database, blobs, uploads, limitBytes: config.maxUploadBytes, life, logger });
  const plainFiles = createFiles({ database, blobs, life });
  const files = settler ? settleFirst(plainFiles, settler) : plainFiles;
  const upkeep = createEmbeddingUpkeep({ database, store: embeddings, engine, logger });
  const prefetch = engine && config.warmOnUpload ? createUploadPrefetch({ blobs, engine, logger }) : undefined;
  if (prefetch !== undefined) cleanup.add(() => prefetch.stop());
  for (const listener of [{ removing: failJobsOfDeletedFiles }, upkeep, prefetch, settler]) {
    if (listener !== undefined) life.listen(listener);
  }
  const { upstream } = config;
  const gateway =
    upstream === undefined
      ? undefined
      : createGateway({ ...config, upstream }, { database, blobs: await stores.openUpstream() });
  const images = gateway?.images ?? createOwnImages({ files, blobs });
  return { files, uploads, settler, upkeep, images, gateway };
}
