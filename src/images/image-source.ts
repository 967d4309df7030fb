import type { FileReference, ResolvedFile } from '#contract/files/file-reference';
import type { Principal } from '../auth/principal.ts';
import type { UpstreamFile } from '../database/schema.ts';

/** Who asks for an image. The header may be handed on to the upstream; it is never kept, written or logged. */
export interface Reader {
  principal: Principal;
  authorization: string | undefined;
}

/** The image of a segment request, as its job keeps it. */
export interface ResolvedImage {
  file: ResolvedFile;
  /** SHA-256 of the content that the file has now, where that is known. */
  contentSha256?: string;
  /** What an upstream said of the file; absent for files of this server. */
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

/** Where the images of segment jobs are. */
export interface ImageSource {
  /**
   * The file that a reference names, once the reader may read it.
   * @throws KonturError `files-not-found`, `forbidden`; of an upstream also `unauthorized`, `upstream-…`
   */
  resolve(reader: Reader, reference: FileReference): Promise<ResolvedImage>;
  /**
   * Lets the reader pass if it may read the file of a job.
   * @throws KonturError `forbidden`; of an upstream also `unauthorized`, `upstream-…`
   */
  checkReadable(reader: Reader, file: ResolvedFile): Promise<void>;
  /**
   * Of the ids of some files of jobs, those whose file the reader may read; no more than 1000 at a time.
   * @throws KonturError of an upstream `unauthorized`, `forbidden`, `upstream-…`
   */
  readable(reader: Reader, fileIds: number[]): Promise<Set<number>>;
  /**
   * The image of a job that runs, checked for what is known of it without looking inside.
   * @throws KonturError of the `image-` group; other errors may pass
   */
  open(job: ResolvedImage & { project: string }, signal: AbortSignal): Promise<LocalImage>;
}
