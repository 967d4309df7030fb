import { type Static, Type } from 'typebox';
import { MAX_FILE_REFERENCES } from '../limits.ts';
import { fileProperties } from './file.ts';
import { FileExternalIdSchema, FileIdSchema, type FileReference } from './file-reference.ts';
import { MetadataSchema } from './metadata.ts';

const SetNull = Type.Optional(
  Type.Unsafe<true>({ type: 'boolean', enum: [true], description: 'The property is deleted.' }),
);
const oneOf = [{ required: ['set'] }, { required: ['setNull'] }];
const valueOptions = { oneOf, description: 'A new value, or setNull.' };
const anyOf = ['set', 'setNull', 'add', 'remove'].map((key) => ({ required: [key] }));
const listOptions = { anyOf, description: 'A new list, or what to add to it and take out of it.' };

const {
  externalId,
  directory,
  source,
  mimeType,
  sourceCreatedTime,
  sourceModifiedTime,
  dataSetId,
  geoLocation,
  assetIds,
  securityCategories,
  labels,
} = fileProperties;

const values = {
  externalId: Type.Optional(Type.Object({ set: externalId, setNull: SetNull }, valueOptions)),
  directory: Type.Optional(Type.Object({ set: directory, setNull: SetNull }, valueOptions)),
  source: Type.Optional(Type.Object({ set: source, setNull: SetNull }, valueOptions)),
  mimeType: Type.Optional(Type.Object({ set: mimeType, setNull: SetNull }, valueOptions)),
  sourceCreatedTime: Type.Optional(Type.Object({ set: sourceCreatedTime, setNull: SetNull }, valueOptions)),
  sourceModifiedTime: Type.Optional(Type.Object({ set: sourceModifiedTime, setNull: SetNull }, valueOptions)),
  dataSetId: Type.Optional(Type.Object({ set: dataSetId, setNull: SetNull }, valueOptions)),
  geoLocation: Type.Optional(Type.Object({ set: geoLocation, setNull: SetNull }, valueOptions)),
};
const lists = {
  assetIds: Type.Optional(
    Type.Object({ set: assetIds, setNull: SetNull, add: assetIds, remove: assetIds }, listOptions),
  ),
  securityCategories: Type.Optional(
    Type.Object(
      { set: securityCategories, setNull: SetNull, add: securityCategories, remove: securityCategories },
      listOptions,
    ),
  ),
  labels: Type.Optional(Type.Object({ set: labels, setNull: SetNull, add: labels, remove: labels }, listOptions)),
};
const metadata = Type.Optional(
  Type.Object(
    {
      set: Type.Optional(MetadataSchema),
      setNull: SetNull,
      add: Type.Optional(MetadataSchema),
      remove: Type.Optional(Type.Array(Type.String(), { description: 'Keys to take away.' })),
    },
    { anyOf, description: 'A new set of keys and values, or some to add and keys to take away.' },
  ),
);

/**
 * Changes to one file, property by property; properties that are not named stay unchanged
 * (docs/contract.md#files-update).
 */
export const FileChangesSchema = Type.Object({ ...values, ...lists, metadata }, { $id: 'FileChanges' });
/** Changes to one file, property by property; a property that is not named stays unchanged. */
export type FileChanges = Static<typeof FileChangesSchema>;

/** Body of `POST …/files/update`. */
export const FileUpdateRequestSchema = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          id: Type.Optional(FileIdSchema),
          externalId: Type.Optional(FileExternalIdSchema),
          instanceId: Type.Optional(Type.Ref('InstanceId')),
          update: Type.Ref('FileChanges'),
        },
        { oneOf: [{ required: ['id'] }, { required: ['externalId'] }, { required: ['instanceId'] }] },
      ),
      { minItems: 1, maxItems: MAX_FILE_REFERENCES, description: 'The files and what to change of each.' },
    ),
  },
  { $id: 'FileUpdateRequest' },
);
/** One file, named by exactly one of its ids, and its changes. */
export interface FileUpdate extends FileReference {
  update: FileChanges;
}
