import { type Selectable, sql } from 'kysely';
import type { File } from '#contract/files/file';
import type { GeoLocation } from '#contract/files/geo-location';
import { MAX_ANSWER_BYTES } from '#contract/limits';
import type { FilesTable } from '../database/schema.ts';

/** A file as this server stores it. */
export interface FileRecord extends File {
  project: string;
  /** Counts how often upload links were issued; a newer link invalidates earlier ones (see `uploadContent`). */
  uploadGeneration: number;
  /** When the latest link was issued, in milliseconds since 1970-01-01 UTC; absent before the first. */
  uploadLinkTime?: number;
  content?: FileContent;
}

/** A file without the properties that may be large: enough for authorisation and for finding its content. */
export type FileEntry = Omit<FileRecord, 'metadata' | 'geoLocation' | 'assetIds'>;

/** The content of a file: where it is stored, its checksum and size. */
export interface FileContent {
  blobKey: string;
  /** Lower-case hex. */
  sha256: string;
  bytes: number;
}

/** The columns of a `FileEntry`. */
export const ENTRY_COLUMNS = [
  'files.id',
  'files.project',
  'files.external_id',
  'files.instance_space',
  'files.instance_external_id',
  'files.name',
  'files.directory',
  'files.source',
  'files.mime_type',
  'files.data_set_id',
  'files.source_created_time',
  'files.source_modified_time',
  'files.security_categories',
  'files.labels',
  'files.created_time',
  'files.last_updated_time',
  'files.uploaded_time',
  'files.upload_generation',
  'files.upload_link_time',
  'files.blob_key',
  'files.content_sha256',
  'files.content_bytes',
] as const;

const LEFT_OUT =
  'More than fits an answer was stored here before there was a limit, and is left out. Set geoLocation to replace it.';

/** The geoLocation; if it does not fit in an answer, its geometry alone, with an explanation in its properties. */
const shownGeoLocation = sql<GeoLocation | null>`
  case when files.record_bytes <= ${sql.lit(MAX_ANSWER_BYTES)} then files.geo_location else jsonb_build_object(
    'type', 'Feature',
    'geometry', jsonb_build_object(
      'type', files.geo_location #> '{geometry,type}', 'coordinates', files.geo_location #> '{geometry,coordinates}'),
    'properties', jsonb_build_object('leftOut', ${sql.lit(LEFT_OUT)}::text)
  ) end`;

/** The columns of a `FileRecord`. */
export const FILE_COLUMNS = [
  ...ENTRY_COLUMNS,
  'files.metadata',
  'files.asset_ids',
  shownGeoLocation.as('geo_location'),
] as const;

type LargeColumn = 'metadata' | 'asset_ids' | 'geo_location';
type EntryRow = Omit<Selectable<FilesTable>, LargeColumn | 'record_bytes' | 'place_box' | 'place_bytes'>;
/** A row of `files` with the columns of a `FileRecord`. */
export type FileRow = EntryRow & Pick<Selectable<FilesTable>, LargeColumn>;

/** Converts a row to the record of a file; absent values are left out, as in answers. */
export function toFileRecord(row: FileRow): FileRecord {
  const { metadata, asset_ids: assetIds, geo_location: geoLocation } = row;
  return { ...toFileEntry(row), ...withoutNulls({ metadata, assetIds, geoLocation }) };
}

/** Converts a row to a file without the properties that may be large. */
export function toFileEntry(row: EntryRow): FileEntry {
  const values = {
    id: row.id,
    externalId: row.external_id,
    instanceId: instanceOf(row),
    name: row.name,
    directory: row.directory,
    source: row.source,
    mimeType: row.mime_type,
    dataSetId: row.data_set_id,
    sourceCreatedTime: row.source_created_time,
    sourceModifiedTime: row.source_modified_time,
    securityCategories: row.security_categories,
    labels: row.labels?.map((externalId) => ({ externalId })),
    uploaded: row.blob_key !== null,
    uploadedTime: row.uploaded_time,
    createdTime: row.created_time,
    lastUpdatedTime: row.last_updated_time,
    project: row.project,
    uploadGeneration: row.upload_generation,
    uploadLinkTime: row.upload_link_time,
    content: contentOf(row),
  };
  return withoutNulls(values);
}

// Constraints of the table have these columns null together.

function instanceOf({
  instance_space: space,
  instance_external_id: externalId,
}: EntryRow): FileEntry['instanceId'] | null {
  return space === null || externalId === null ? null : { space, externalId };
}

function contentOf({
  blob_key: blobKey,
  content_sha256: sha256,
  content_bytes: bytes,
}: EntryRow): FileEntry['content'] | null {
  return blobKey === null || sha256 === null || bytes === null ? null : { blobKey, sha256, bytes };
}

/** Converts a file to its wire form. */
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
