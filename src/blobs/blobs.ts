import type { Readable } from 'node:stream';

/** Content that has been stored. */
export interface StoredBlob {
  key: string;
  bytes: number;
  /** SHA-256 of the content, lower-case hex. */
  sha256: string;
}

/** A key that is in use, and since when, in milliseconds since 1970-01-01 UTC. */
export interface StoredKey {
  key: string;
  storedTime: number;
}

/** A store of immutable contents. */
export interface Blobs {
  /**
   * Stores what the stream yields, without holding it in memory. Nothing is left behind on any error; the stream is not
   * destroyed, so that a request can still be answered.
   * @throws KonturError `body-too-large` past `limitBytes`, `disk-full` where there is no room, `unavailable` where the
   * store cannot be reached.
   */
  write(content: Readable, limitBytes: number): Promise<StoredBlob>;
  read(key: string): Readable;
  /**
   * Path of a file with the content, for a process that can only be given a path. What has to be fetched for that is held
   * against the SHA-256 that the content was stored with.
   * @throws KonturError `unavailable` where the store does not have it, or cannot be reached
   */
  localPath(key: string, sha256: string): Promise<string>;
  /** Deletes the content; a key that is not there is no error. */
  remove(key: string): Promise<void>;
  /** Every key, in no order; one that comes or goes meanwhile may be there or not. */
  list(): AsyncIterable<StoredKey>;
  /** Resolves when the store can be written to. */
  ping(): Promise<void>;
}
