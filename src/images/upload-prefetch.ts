import { defined } from '#contract/defined';
import type { Blobs } from '../blobs/blobs.ts';
import type { Engine } from '../engine/engine.ts';
import { checkImageFile } from '../files/check-image-file.ts';
import type { FileListener } from '../files/file-life.ts';
import type { FileRecord } from '../files/file-record.ts';
import type { Logger } from '../telemetry/create-logger.ts';

/** Prefetches embeddings: encodes images in the background as soon as they are uploaded (KONTUR_WARM_ON_UPLOAD). */
export interface UploadPrefetch extends Required<Pick<FileListener, 'uploaded'>> {
  /** Cancels the running encode and drops the waiting ones. */
  stop(): Promise<void>;
}

/** Limit of waiting images. Images beyond it are encoded by their first job, as without prefetching. */
const MOST_WAITING = 10_000;

/**
 * Creates the prefetch: one image at a time, with lower priority than jobs. Errors are left for the image's job to
 * report.
 */
export function createUploadPrefetch({
  blobs,
  engine,
  logger,
}: {
  blobs: Pick<Blobs, 'localPath'>;
  engine: Pick<Engine, 'warm'>;
  logger: Pick<Logger, 'debug'>;
}): UploadPrefetch {
  const waiting: FileRecord[] = [];
  const stopping = new AbortController();
  let working: Promise<void> | undefined;

  async function encode(file: FileRecord): Promise<void> {
    try {
      checkImageFile(file);
      const { blobKey, sha256 } = defined(file.content, 'content of the file');
      await engine.warm({ path: await blobs.localPath(blobKey, sha256), contentHash: sha256 }, stopping.signal);
    } catch (error) {
      logger.debug({ err: error, fileId: file.id }, 'an uploaded file was not encoded');
    }
  }
  async function workOff(): Promise<void> {
    for (let file = waiting.shift(); file; file = waiting.shift()) await encode(file);
    working = undefined;
  }
  function uploaded(file: FileRecord): void {
    if (waiting.length < MOST_WAITING && !stopping.signal.aborted) waiting.push(file);
    working ??= workOff();
  }

  return {
    uploaded,
    async stop() {
      waiting.length = 0;
      stopping.abort(new Error('The server stops.'));
      await working;
    },
  };
}
