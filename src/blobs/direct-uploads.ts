import { createHash, randomBytes } from 'node:crypto';
import type { StoredBlob } from './blobs.ts';
import type { DownloadHeaders, S3Bucket, S3Object } from './s3-bucket.ts';

/** What a client has put straight to the store. */
export type DirectUpload = S3Object;

/**
 * Contents that go between clients and the store without the server: by presigned addresses. Each upload has a name, under which
 * its address can be used again; so what was put there is copied to a key of its own before it counts, and does not change then.
 */
export interface DirectUploads {
  uploadUrl(name: string, expiresInMs: number): Promise<string>;
  /** Address of a stored content, for whoever is to have it. */
  downloadUrl(key: string, expiresInMs: number, headers: DownloadHeaders): Promise<string>;
  /** What was put under the name; undefined where nothing was. */
  find(name: string): Promise<DirectUpload | undefined>;
  /** Everything that was put under names which begin so. */
  list(prefix: string): AsyncIterable<DirectUpload>;
  /** Makes it a content. Undefined where it is not there any more, or was put anew. */
  store(upload: DirectUpload): Promise<StoredBlob | undefined>;
  /** Forgets it, unless it was put anew. */
  discard(upload: DirectUpload): Promise<void>;
}

/** @param folder of the contents, as in s3-blobs.ts; uploads are in a folder `uploads` beside it */
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
      const hash = createHash('sha256');
      let read = 0;
      for await (const chunk of bucket.read(`${folder}/${key}`)) {
        hash.update(chunk);
        read += chunk.length;
      }
      // A store that does not know conditions may have copied what was put anew.
      if (read === bytes) return { key, bytes, sha256: hash.digest('hex') };
      await bucket.remove(`${folder}/${key}`);
      return undefined;
    },
    async discard({ name, etag }) {
      const found = await bucket.find(nameOf(name));
      if (found?.etag === etag) await bucket.remove(nameOf(name), etag);
    },
  };
}
