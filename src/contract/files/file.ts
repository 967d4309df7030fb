import { type Static, Type } from 'typebox';
import {
  DEFAULT_PAGE_SIZE,
  MAX_ASSET_IDS,
  MAX_DOWNLOAD_LINKS,
  MAX_FILE_REFERENCES,
  MAX_ID,
  MAX_LABELS,
  MAX_PAGE_SIZE,
  MAX_SECURITY_CATEGORIES,
} from '../limits.ts';
import { EpochMsSchema } from '../vision/segment-job.ts';
import { FileFilterSchema } from './file-filter.ts';
import { FileExternalIdSchema, FileIdSchema, type InstanceId } from './file-reference.ts';
import { geoLocation } from './geo-location.ts';
import { MetadataSchema } from './metadata.ts';

const Id = (description: string) => Type.Integer({ minimum: 1, maximum: MAX_ID, description });
const SourceTime = Type.Integer({ minimum: 0, maximum: MAX_ID, description: 'Milliseconds since 1970-01-01 UTC.' });
const Label = Type.Object({ externalId: Type.String({ maxLength: 255, description: 'Id of the label.' }) });

/**
 * Properties of a file that a client may send (docs/contract.md#files-object); files/check-metadata.ts limits the
 * metadata.
 */
export const fileProperties = {
  externalId: Type.Optional(FileExternalIdSchema),
  directory: Type.Optional(
    Type.String({ maxLength: 512, description: 'Folder of the file, as a path; a note to find it by.' }),
  ),
  source: Type.Optional(Type.String({ maxLength: 128, description: 'System that the file comes from.' })),
  mimeType: Type.Optional(
    Type.String({ maxLength: 256, description: 'Media type of the content; images are image/jpeg or image/png.' }),
  ),
  metadata: Type.Optional(MetadataSchema),
  assetIds: Type.Optional(
    Type.Array(Id('Numeric id of an asset.'), {
      maxItems: MAX_ASSET_IDS,
      description: 'Assets that the file shows or describes.',
    }),
  ),
  dataSetId: Type.Optional(Id('Data set of the file: rights may be limited to it.')),
  sourceCreatedTime: Type.Optional(SourceTime),
  sourceModifiedTime: Type.Optional(SourceTime),
  securityCategories: Type.Optional(
    Type.Array(Id('Numeric id of a category.'), {
      maxItems: MAX_SECURITY_CATEGORIES,
      description: 'Kept as given; access does not depend on it.',
    }),
  ),
  labels: Type.Optional(Type.Array(Label, { maxItems: MAX_LABELS, description: 'Labels to find the file by.' })),
  geoLocation: Type.Optional(geoLocation),
};
const Name = Type.String({
  minLength: 1,
  maxLength: 256,
  description: 'Name of the file; of an image it ends in .jpg, .jpeg or .png.',
});

/** Body of `POST …/files`. */
export const FileCreateSchema = Type.Object({ name: Name, ...fileProperties }, { $id: 'FileCreate' });
/** Properties of a file that is created. */
export type FileCreate = Static<typeof FileCreateSchema>;

/** A file as every answer shows it; absent values are left out (docs/contract.md#files-object). */
export const FileSchema = Type.Object(
  {
    id: FileIdSchema,
    name: Name,
    uploaded: Type.Boolean({ description: 'Whether the file has content.' }),
    createdTime: EpochMsSchema,
    lastUpdatedTime: EpochMsSchema,
    uploadedTime: Type.Optional(EpochMsSchema),
    instanceId: Type.Optional(Type.Ref('InstanceId')),
    ...fileProperties,
  },
  { $id: 'File' },
);
/** A file as an answer has it. */
export type File = Static<typeof FileSchema> & { instanceId?: InstanceId };

/** Answer to `POST …/files`: the file and where to PUT its content. */
export const FileCreatedSchema = Type.Object(
  {
    ...FileSchema.properties,
    uploadUrl: Type.String({ description: 'Where to PUT the content, without a token, for a week.' }),
  },
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

const references = (maxItems: number) =>
  Type.Array(Type.Ref('FileReference'), { minItems: 1, maxItems, description: 'The files, each by one of its ids.' });

/** Body of `POST …/files/byids` and `POST …/files/delete`. */
export const FileReferencesSchema = Type.Object(
  {
    items: references(MAX_FILE_REFERENCES),
    ignoreUnknownIds: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Leaves files out that there are not, instead of refusing the request.',
      }),
    ),
  },
  { $id: 'FileReferences' },
);

/** Body of `POST …/files/downloadlink`. */
export const DownloadLinkRequestSchema = Type.Object(
  { items: references(MAX_DOWNLOAD_LINKS) },
  { $id: 'DownloadLinkRequest' },
);

const limit = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: MAX_PAGE_SIZE,
    default: DEFAULT_PAGE_SIZE,
    description: 'Most items of the answer.',
  }),
);
const paging = {
  limit,
  cursor: Type.Optional(Type.String({ maxLength: 1000, description: 'nextCursor of the page before.' })),
  partition: Type.Optional(
    Type.String({ maxLength: 20, description: 'The m-th of n parts of the list, n at most 10, written m/n.' }),
  ),
};

/** Body of `POST …/files/list`. */
export const FileListRequestSchema = Type.Object(
  { filter: Type.Optional(FileFilterSchema), ...paging },
  { $id: 'FileListRequest' },
);

/** Query of `GET …/files`: the conditions of the filter and the paging. */
export const FileListParametersSchema = Type.Object({ ...FileFilterSchema.properties, ...paging });

/** Body of `POST …/files/search`. `limit` is not documented, but clients send it (docs/contract.md#files-search). */
export const FileSearchRequestSchema = Type.Object(
  {
    search: Type.Optional(
      Type.Object(
        {
          name: Type.Optional(
            Type.String({ minLength: 1, maxLength: 256, description: 'Words of the name, in any case.' }),
          ),
        },
        { description: 'What to search for.' },
      ),
    ),
    filter: Type.Optional(FileFilterSchema),
    limit,
  },
  { $id: 'FileSearchRequest' },
);

/** Body of `POST …/files/aggregate`. */
export const FileAggregateRequestSchema = Type.Object(
  { filter: Type.Optional(FileFilterSchema) },
  { $id: 'FileAggregateRequest' },
);

/** A page of files; `nextCursor` is absent on the last one. */
export const FilePageSchema = Type.Object(
  {
    items: Type.Array(Type.Ref('File'), { description: 'The files of this page.' }),
    nextCursor: Type.Optional(Type.String({ description: 'Asks for the next page; absent on the last.' })),
  },
  { $id: 'FilePage' },
);
