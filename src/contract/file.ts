import { type Static, Type } from 'typebox';
import { FileFilterSchema } from './file-filter.ts';
import { FileExternalIdSchema, FileIdSchema, type InstanceId } from './file-reference.ts';
import { DEFAULT_PAGE_SIZE, MAX_DOWNLOAD_LINKS, MAX_FILE_REFERENCES, MAX_ID, MAX_PAGE_SIZE } from './limits.ts';
import { EpochMsSchema } from './segment-job.ts';

const Id = Type.Integer({ minimum: 1, maximum: MAX_ID });
const SourceTime = Type.Integer({ minimum: 0, maximum: MAX_ID, description: 'Milliseconds since 1970-01-01 UTC.' });
const Label = Type.Object({ externalId: Type.String({ maxLength: 255 }) });

/** What a client may say about a file. Limits: CONTRACT.md 3 (metadata is counted in bytes, see files/check-metadata.ts). */
const fileProperties = {
  externalId: Type.Optional(FileExternalIdSchema),
  directory: Type.Optional(Type.String({ maxLength: 512 })),
  source: Type.Optional(Type.String({ maxLength: 128 })),
  mimeType: Type.Optional(Type.String({ maxLength: 256 })),
  metadata: Type.Optional(Type.Record(Type.String(), Type.String())),
  assetIds: Type.Optional(Type.Array(Id, { maxItems: 1000 })),
  dataSetId: Type.Optional(Id),
  sourceCreatedTime: Type.Optional(SourceTime),
  sourceModifiedTime: Type.Optional(SourceTime),
  securityCategories: Type.Optional(Type.Array(Id, { maxItems: 100 })),
  labels: Type.Optional(Type.Array(Label, { maxItems: 10 })),
  geoLocation: Type.Optional(Type.Object({}, { additionalProperties: true })),
};
const Name = Type.String({ minLength: 1, maxLength: 256 });

/** Body of `POST …/files`. */
export const FileCreateSchema = Type.Object({ name: Name, ...fileProperties }, { $id: 'FileCreate' });
export type FileCreate = Static<typeof FileCreateSchema>;

/** A file as every answer shows it; absent values are left out. Source: CONTRACT.md 3. */
export const FileSchema = Type.Object(
  {
    id: FileIdSchema,
    name: Name,
    uploaded: Type.Boolean(),
    createdTime: EpochMsSchema,
    lastUpdatedTime: EpochMsSchema,
    uploadedTime: Type.Optional(EpochMsSchema),
    instanceId: Type.Optional(Type.Ref('InstanceId')),
    ...fileProperties,
  },
  { $id: 'File' },
);
export type File = Static<typeof FileSchema> & { instanceId?: InstanceId };

/** Answer to `POST …/files`: the file and where to PUT its content. */
export const FileCreatedSchema = Type.Object(
  { ...FileSchema.properties, uploadUrl: Type.String() },
  { $id: 'FileCreated' },
);

/** Names one file in a Files request: exactly one of the three. */
export const FileReferenceSchema = Type.Object(
  {
    id: Type.Optional(FileIdSchema),
    externalId: Type.Optional(FileExternalIdSchema),
    instanceId: Type.Optional(Type.Ref('InstanceId')),
  },
  { $id: 'FileReference', oneOf: [{ required: ['id'] }, { required: ['externalId'] }, { required: ['instanceId'] }] },
);

const references = (maxItems: number) => Type.Array(Type.Ref('FileReference'), { minItems: 1, maxItems });

/** Body of `POST …/files/byids` and `POST …/files/delete`. */
export const FileReferencesSchema = Type.Object(
  { items: references(MAX_FILE_REFERENCES), ignoreUnknownIds: Type.Optional(Type.Boolean({ default: false })) },
  { $id: 'FileReferences' },
);

/** Body of `POST …/files/downloadlink`. */
export const DownloadLinkRequestSchema = Type.Object(
  { items: references(MAX_DOWNLOAD_LINKS) },
  { $id: 'DownloadLinkRequest' },
);

/** Body of `POST …/files/list`. */
export const FileListRequestSchema = Type.Object(
  {
    filter: Type.Optional(FileFilterSchema),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_PAGE_SIZE, default: DEFAULT_PAGE_SIZE })),
    cursor: Type.Optional(Type.String({ maxLength: 1000 })),
  },
  { $id: 'FileListRequest' },
);

/** A page of files; `nextCursor` is absent on the last one. */
export const FilePageSchema = Type.Object(
  { items: Type.Array(Type.Ref('File')), nextCursor: Type.Optional(Type.String()) },
  { $id: 'FilePage' },
);
