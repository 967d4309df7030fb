import type { LibraryFile } from '../library/library-file.ts';
import type { CheckedFile } from './check-file.ts';

/** Why a chosen file is not sent at all. */
export type Refusal = Extract<CheckedFile, { refused: string }>['refused'];

/** A file that was chosen to be uploaded, and what has become of it. */
export interface Upload {
  id: string;
  content: File;
  /** Name that it has, or will have, in the library. */
  name: string;
  /** Folder that it came from, such as `/harbour/pier 4`. */
  directory?: string;
  /** Data set that it goes into. */
  dataSetId?: number;
  /** `busy` waits because the server said so; `refused` is never sent. */
  state: 'waiting' | 'sending' | 'busy' | 'failed' | 'refused' | 'done';
  sentBytes: number;
  /** When the first byte was sent, in milliseconds as of `Date.now`. */
  startTime?: number;
  /** The record of the file, once the server has made one. */
  file?: LibraryFile;
  problem?: Error;
  /** When a busy server is tried again, in milliseconds as of `Date.now`. */
  againAt?: number;
  refusal?: Refusal;
}

/** Whether an upload is still to end by itself. */
export const isOpen = ({ state }: Upload): boolean => state === 'waiting' || state === 'sending' || state === 'busy';

/** Milliseconds until an upload has been sent, at the speed that it has had so far; undefined until that means something. */
export function msLeft({ sentBytes, startTime, content }: Upload, now = Date.now()): number | undefined {
  const ms = startTime === undefined ? 0 : now - startTime;
  if (ms < 1000 || sentBytes === 0) return undefined;
  return ((content.size - sentBytes) * ms) / sentBytes;
}
