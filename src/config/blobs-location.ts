import path from 'node:path';

/** Location of contents: a folder, or a bucket of an S3-compatible store. */
export type BlobsLocation = { folder: string } | S3Location;

/** A bucket of an S3-compatible store. */
export interface S3Location {
  bucket: string;
  /** Prefix of the names of all objects: empty, or with a slash at its end. */
  prefix: string;
  /** Address of the store. Default: that of AWS in the region. */
  endpoint?: string;
  region?: string;
}

const ADDRESS = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\w.()!*'-]+(?:\/[\w.()!*'-]+)*)?\/?)?$/;

/** Problem of a value of KONTUR_BLOBS that contains `://`; undefined for a valid one. */
export function refuseBlobsAddress(blobs: string): string | undefined {
  if (ADDRESS.test(blobs)) return undefined;
  return `KONTUR_BLOBS is ${blobs}, but it must be a folder, or an address like s3://bucket/prefix.`;
}

/**
 * Derives the location of contents from the settings.
 *
 * @param environment holds the usual variables of AWS for the endpoint and the region
 */
export function locateBlobs(
  blobs: string | undefined,
  { dataDir, environment }: { dataDir: string; environment: Record<string, string | undefined> },
): BlobsLocation {
  const [, bucket, prefix] = ADDRESS.exec(blobs ?? '') ?? [];
  if (bucket === undefined) return { folder: path.resolve(blobs ?? path.join(dataDir, 'blobs')) };
  return {
    bucket,
    prefix: prefix === undefined ? '' : `${prefix}/`,
    endpoint: environment.AWS_ENDPOINT_URL_S3 || environment.AWS_ENDPOINT_URL || undefined,
    region: environment.AWS_REGION || environment.AWS_DEFAULT_REGION || undefined,
  };
}
