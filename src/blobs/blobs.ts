import type { Readable } from 'node:stream';

/** Content that has been stored. */
export interface StoredBlob {
  key: string;
  bytes: number;
  /** SHA-256 of the content, lower-case hex. */
  sha256: string;
}

/** A key that is in use, and the time it was stored, in milliseconds since 1970-01-01 UTC. */
export interface StoredKey {
  key: string;
  storedTime: number;
}

/** Bytes of a content from 0, both included. */
export interface ByteRange {
  start: number;
  end: number;
}

/** A store of immutable contents. */
export interface Blobs {
  /**
   * Stores a stream, without holding it in memory. Nothing is left behind on any error; the stream is not destroyed, so
   * that a request can still be answered.
   *
   * @throws KonturError `body-too-large` past `limitBytes`, `disk-full` if there is no room, `unavailable` if the store
   * cannot be reached
   */
  write(content: Readable, limitBytes: number): Promise<StoredBlob>;
  /** The content of a key, or the part of it from `range.start` to `range.end`, in bytes from 0, both included. */
  read(key: string, range?: ByteRange): Readable;
  /**
   * Path of a file with the content, for a process that can only be given a path. A content that has to be fetched for
   * that is verified against the SHA-256 that it was stored with.
   *
   * @throws KonturError `unavailable` if the store does not have it, or cannot be reached
   */
  localPath(key: string, sha256: string): Promise<string>;
  /** Deletes the content of a key; idempotent. */
  remove(key: string): Promise<void>;
  /** Every key, in no order; keys added or deleted meanwhile may be included or not. */
  list(): AsyncIterable<StoredKey>;
  /** Resolves when the store can be written to. */
  ping(): Promise<void>;
}
