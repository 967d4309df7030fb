import type { Selectable } from 'kysely';
import type { File } from '#contract/files/file';
import type { FilesTable } from '../database/schema.ts';

/** A file as the server knows it. */
export interface FileRecord extends File {
  project: string;
  /** Counts the occasions on which upload links were handed out (see `uploadContent`). */
  uploadGeneration: number;
  /** When the latest of them was, in milliseconds since 1970-01-01 UTC; absent before the first. */
  uploadLinkTime?: number;
  content?: FileContent;
}

/** Where the content of a file is, and what it is. */
export interface FileContent {
  blobKey: string;
  /** Lower-case hex. */
  sha256: string;
  bytes: number;
}

/** The record of a row; absent values are left out, as they are in answers. */
export function toFileRecord(row: Selectable<FilesTable>): FileRecord {
  const values = {
    id: row.id,
    externalId: row.external_id,
    instanceId:
      row.instance_space === null ? null : { space: row.instance_space, externalId: row.instance_external_id! },
    name: row.name,
    directory: row.directory,
    source: row.source,
    mimeType: row.mime_type,
    metadata: row.metadata,
    assetIds: row.asset_ids,
    dataSetId: row.data_set_id,
    sourceCreatedTime: row.source_created_time,
    sourceModifiedTime: row.source_modified_time,
    securityCategories: row.security_categories,
    labels: row.labels?.map((externalId) => ({ externalId })),
    geoLocation: row.geo_location,
    uploaded: row.blob_key !== null,
    uploadedTime: row.uploaded_time,
    createdTime: row.created_time,
    lastUpdatedTime: row.last_updated_time,
    project: row.project,
    uploadGeneration: row.upload_generation,
    uploadLinkTime: row.upload_link_time,
    content:
      row.blob_key === null ? null : { blobKey: row.blob_key, sha256: row.content_sha256!, bytes: row.content_bytes! },
  };
  return withoutNulls(values);
}

/** The file as answers show it. */
export function toWireFile(record: FileRecord): File {
  const { project, uploadGeneration, uploadLinkTime, content, ...file } = record;
  return file;
}

type WithoutNulls<T> = { [K in keyof T as null extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as null extends T[K] ? K : never]?: Exclude<T[K], null>;
};

function withoutNulls<T extends object>(values: T): WithoutNulls<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value != null)) as WithoutNulls<T>;
}
