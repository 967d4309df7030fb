import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { defined } from '#contract/defined';
import type { S3Location } from '../config/blobs-location.ts';
import type { ByteRange } from './blobs.ts';
import { isChanged, isMissing, isNotImplemented, toBucketError, toStartError } from './s3-errors.ts';

/** An object as a list of the bucket describes it. */
export interface S3Object {
  name: string;
  bytes: number;
  /** Time of the last write, in milliseconds since 1970-01-01 UTC. */
  storedTime: number;
  /** ETag, which differs between different contents. */
  etag: string;
}

/**
 * Objects of one bucket by their names, to which the prefix of the location is added. Objects appear only when they are
 * complete. Errors are those of s3-errors.ts.
 */
export interface S3Bucket {
  location: S3Location;
  /** Uploads a stream, in parts of `partBytes`, at most three of which are in memory. */
  upload(name: string, content: Readable, partBytes: number): Promise<void>;
  put(name: string, content: Uint8Array): Promise<void>;
  /**
   * Reads the content of an object, or a part of it.
   *
   * @throws an error with the code ENOENT if there is no such object
   */
  read(name: string, range?: ByteRange): AsyncGenerator<Uint8Array>;
  /** Finds an object; undefined if it does not exist. */
  find(name: string): Promise<S3Object | undefined>;
  /** Copies an object within the store; false if there is none of that name and ETag. */
  copy(object: Pick<S3Object, 'name' | 'etag'>, target: string): Promise<boolean>;
  /**
   * Deletes an object; idempotent. With an ETag, it is deleted only if it still has that, if the store supports that.
   */
  remove(name: string, etag?: string): Promise<void>;
  /** Address at which anyone can PUT the object for `expiresInMs`. */
  uploadUrl(name: string, expiresInMs: number): Promise<string>;
  /** Address at which anyone can GET the object for `expiresInMs`; it comes with these headers. */
  downloadUrl(name: string, expiresInMs: number, headers: DownloadHeaders): Promise<string>;
  list(prefix: string): AsyncGenerator<S3Object>;
  ping(): Promise<void>;
  /**
   * Checks that objects can be listed, written and deleted.
   *
   * @throws Error written for the operator who starts the server
   */
  check(): Promise<void>;
  close(): void;
}

/** Headers that a store can be asked to send along with an object. */
export interface DownloadHeaders {
  'content-type': string;
  'content-disposition': string;
  'cache-control': string;
}

/** Limit of a request to the store without an answer; it is retried twice. */
const REQUEST_LIMIT_MS = 30_000;
/** Limit of a request that a job waits for; all three attempts together take less time than a job may. */
const READ_LIMIT_MS = 10_000;
const CONNECTION_LIMIT_MS = 3_000;
/**
 * Most connections to the store. Each slow download holds one. A request that waits for one is given up after the same
 * limit.
 */
const MOST_CONNECTIONS = 1000;
/** Limit of a copy: the store copies up to 5 GB before it answers. */
const COPY_LIMIT_MS = 600_000;
/** Time after which a download is aborted because its reader reads nothing. */
const IDLE_LIMIT_MS = 120_000;
/** Parts of one upload that are sent concurrently. */
const PARTS_AT_ONCE = 2;

/**
 * Opens the bucket of a location. Credentials come from the usual sources of AWS tools; with AWS_ACCESS_KEY_ID in the
 * environment, no other source is used. The SDK is loaded here, so that a server without a bucket does not have it in
 * memory.
 */
export async function openS3Bucket(location: S3Location): Promise<S3Bucket> {
  const { S3Client, ...S3 } = await import('@aws-sdk/client-s3');
  const { bucket: Bucket, prefix, endpoint, region } = location;
  const settings = {
    // A self-hosted store rarely has regions, but the signature needs one.
    region: region ?? (endpoint === undefined ? undefined : 'us-east-1'),
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    requestHandler: {
      httpAgent: { maxSockets: MOST_CONNECTIONS },
      httpsAgent: { maxSockets: MOST_CONNECTIONS },
      connectionTimeout: CONNECTION_LIMIT_MS,
      requestTimeout: REQUEST_LIMIT_MS,
      throwOnRequestTimeout: true,
      socketTimeout: IDLE_LIMIT_MS,
    },
  };
  const client = new S3Client(settings);
  const object = (name: string) => ({ Bucket, Key: prefix + name });

  async function put(name: string, content: Uint8Array): Promise<void> {
    await client.send(new S3.PutObjectCommand({ ...object(name), Body: content })).catch(rethrow);
  }

  async function remove(name: string, etag?: string): Promise<void> {
    try {
      await client.send(new S3.DeleteObjectCommand({ ...object(name), IfMatch: etag }));
    } catch (error) {
      if (etag !== undefined && isNotImplemented(error)) return remove(name);
      if (!isMissing(error) && !isChanged(error)) rethrow(error);
    }
  }

  // By default it would sign the checksum of the content, which does not exist yet.
  const signer = new S3Client({ ...settings, requestChecksumCalculation: 'WHEN_REQUIRED' });
  async function sign(command: PutObjectCommand | GetObjectCommand, expiresInMs: number): Promise<string> {
    const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner');
    return getSignedUrl(signer, command as GetObjectCommand, { expiresIn: Math.ceil(expiresInMs / 1000) }).catch(
      rethrow,
    );
  }

  return {
    location,
    put,

    async find(name) {
      try {
        const { ContentLength, LastModified, ETag } = await client.send(new S3.HeadObjectCommand(object(name)));
        return {
          name,
          bytes: ContentLength ?? 0,
          storedTime: LastModified?.getTime() ?? 0,
          etag: defined(ETag, 'ETag of the object'),
        };
      } catch (error) {
        return isMissing(error) ? undefined : rethrow(error);
      }
    },

    async copy({ name, etag }, target) {
      const CopySource = `${Bucket}/${prefix}${name}`.split('/').map(encodeURIComponent).join('/');
      const command = new S3.CopyObjectCommand({ ...object(target), CopySource, CopySourceIfMatch: etag });
      try {
        await client.send(command, { requestTimeout: COPY_LIMIT_MS });
        return true;
      } catch (error) {
        return isMissing(error) || isChanged(error) ? false : rethrow(error);
      }
    },

    remove,

    uploadUrl: (name, expiresInMs) => sign(new S3.PutObjectCommand(object(name)), expiresInMs),
    downloadUrl: (name, expiresInMs, headers) =>
      sign(
        new S3.GetObjectCommand({
          ...object(name),
          ResponseContentType: headers['content-type'],
          ResponseContentDisposition: headers['content-disposition'],
          ResponseCacheControl: headers['cache-control'],
        }),
        expiresInMs,
      ),

    async upload(name, content, partBytes) {
      const { Upload } = await import('@aws-sdk/lib-storage');
      const params = { ...object(name), Body: content };
      const upload = new Upload({ client, params, partSize: partBytes, queueSize: PARTS_AT_ONCE });
      await upload.done().catch(rethrow);
    },

    async *read(name, range) {
      const part = range && { Range: `bytes=${range.start}-${range.end}` };
      try {
        const { Body } = await client.send(new S3.GetObjectCommand({ ...object(name), ...part }), {
          requestTimeout: READ_LIMIT_MS,
        });
        for await (const chunk of Body as Readable) yield chunk as Uint8Array;
      } catch (error) {
        if (!isMissing(error)) rethrow(error);
        throw Object.assign(new Error(`There is no ${name} in the bucket ${Bucket}.`), { code: 'ENOENT' });
      }
    },

    async *list(namePrefix) {
      const pages = S3.paginateListObjectsV2({ client }, { Bucket, Prefix: prefix + namePrefix });
      try {
        for await (const { Contents = [] } of pages) {
          for (const { Key, Size, LastModified, ETag } of Contents) {
            const storedTime = LastModified?.getTime() ?? 0;
            const name = defined(Key, 'key of the object').slice(prefix.length);
            yield { name, bytes: Size ?? 0, storedTime, etag: defined(ETag, 'ETag of the object') };
          }
        }
      } catch (error) {
        rethrow(error);
      }
    },

    async ping() {
      await client.send(new S3.HeadBucketCommand({ Bucket })).catch(rethrow);
    },

    async check() {
      const probe = object(`probe-${randomUUID()}`);
      try {
        await client.send(new S3.ListObjectsV2Command({ Bucket, Prefix: prefix, MaxKeys: 1 }));
        await client.send(new S3.PutObjectCommand({ ...probe, Body: 'May Kontur write here?' }));
        await client.send(new S3.DeleteObjectCommand(probe));
      } catch (error) {
        throw toStartError(error, location);
      }
    },

    close() {
      client.destroy();
      signer.destroy();
    },
  };
}

function rethrow(error: unknown): never {
  throw toBucketError(error);
}
