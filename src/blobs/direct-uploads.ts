import { randomBytes } from 'node:crypto';
import { measureStream } from '../runtime/hash-stream.ts';
import type { StoredBlob } from './blobs.ts';
import type { DownloadHeaders, S3Bucket, S3Object } from './s3-bucket.ts';

/** An object that a client has uploaded directly to the store. */
export type DirectUpload = S3Object;

/**
 * Transfers between clients and the store that bypass the server, by presigned addresses. Each upload has a name, under
 * which its address can be used repeatedly; so the object is copied to a new key before it counts, which no client can
 * write to.
 */
export interface DirectUploads {
  uploadUrl(name: string, expiresInMs: number): Promise<string>;
  /** Address from which anyone who has it can download a stored content. */
  downloadUrl(key: string, expiresInMs: number, headers: DownloadHeaders): Promise<string>;
  /** The object uploaded under a name; undefined if there is none. */
  find(name: string): Promise<DirectUpload | undefined>;
  /** Every object uploaded under a name with the given prefix. */
  list(prefix: string): AsyncIterable<DirectUpload>;
  /** Stores an upload as a content. Undefined if it no longer exists, or has been replaced. */
  store(upload: DirectUpload): Promise<StoredBlob | undefined>;
  /** Deletes an upload, unless it has been replaced. */
  discard(upload: DirectUpload): Promise<void>;
}

/**
 * Creates the direct transfers of a bucket.
 *
 * @param folder of the contents, as in s3-blobs.ts; uploads are in a folder `uploads` next to it
 */
export function createDirectUploads({ bucket, folder }: { bucket: S3Bucket; folder: string }): DirectUploads {
  const nameOf = (name: string) => `uploads/${name}`;
  const upload = (object: S3Object): DirectUpload => ({ ...object, name: object.name.slice(nameOf('').length) });

  return {
    uploadUrl: (name, expiresInMs) => bucket.uploadUrl(nameOf(name), expiresInMs),
    downloadUrl: (key, expiresInMs, headers) => bucket.downloadUrl(`${folder}/${key}`, expiresInMs, headers),
    async find(name) {
      const object = await bucket.find(nameOf(name));
      return object && upload(object);
    },
    async *list(prefix) {
      for await (const object of bucket.list(nameOf(prefix))) yield upload(object);
    },
    async store({ name, bytes, etag }) {
      const key = randomBytes(16).toString('hex');
      const copied = await bucket.copy({ name: nameOf(name), etag }, `${folder}/${key}`);
      if (!copied) return undefined;
      const stored = await measureStream(bucket.read(`${folder}/${key}`));
      // A store without conditional requests may have copied a replaced upload.
      if (stored.bytes === bytes) return { key, ...stored };
      await bucket.remove(`${folder}/${key}`);
      return undefined;
    },
    async discard({ name, etag }) {
      const found = await bucket.find(nameOf(name));
      if (found?.etag === etag) await bucket.remove(nameOf(name), etag);
    },
  };
}
