import type { FileReference, ResolvedFile } from '#contract/files/file-reference';
import type { Principal } from '../auth/principal.ts';
import type { UpstreamFile } from '../database/schema.ts';

/** The caller that asks for an image. The header may be passed to the upstream; it is never stored or logged. */
export interface Reader {
  principal: Principal;
  authorization: string | undefined;
}

/** The image of a segment request, as its job stores it. */
export interface ResolvedImage {
  file: ResolvedFile;
  /** SHA-256 of the file's current content, if known. */
  contentSha256?: string;
  /** What an upstream reported about the file; absent for files of this server. */
  upstreamFile?: UpstreamFile;
}

/** An image in a file of this machine, which the engine can read. */
export interface LocalImage {
  /** Name of its file, for messages. */
  name: string;
  path: string;
  /** SHA-256 of the content, lower-case hex. */
  contentHash: string;
}

/** Where the images of segment jobs come from: this server's files, or an upstream's. */
export interface ImageSource {
  /**
   * Finds the file of a reference and checks that the reader may read it.
   *
   * @throws KonturError `files-not-found`, `forbidden`; with an upstream also `unauthorized`, `upstream-…`
   */
  resolve(reader: Reader, reference: FileReference): Promise<ResolvedImage>;
  /**
   * Checks that the reader may read the file of a job.
   *
   * @throws KonturError `forbidden`; with an upstream also `unauthorized`, `upstream-…`
   */
  checkReadable(reader: Reader, file: ResolvedFile): Promise<void>;
  /**
   * Returns those of the file ids of jobs whose file the reader may read; at most 1000 ids per call.
   *
   * @throws KonturError with an upstream `unauthorized`, `forbidden`, `upstream-…`
   */
  readable(reader: Reader, fileIds: number[]): Promise<Set<number>>;
  /**
   * Opens the image of a running job, checked by its metadata only.
   *
   * @throws KonturError of the `image-` group; other errors are worth a retry
   */
  open(job: ResolvedImage & { project: string }, signal: AbortSignal): Promise<LocalImage>;
}
