import { type Static, Type } from 'typebox';
import { MAX_ID } from '../limits.ts';

/** Numeric id of a file. */
export const FileIdSchema = Type.Integer({ minimum: 1, maximum: MAX_ID, description: 'Numeric id of a file.' });
/** Id that the client chose for a file. */
export const FileExternalIdSchema = Type.String({ maxLength: 255, description: 'Id that the client chose.' });

/** Id of a file in data modelling, with the lengths that nodes allow (docs/contract.md#segment-file-instance-id). */
export const InstanceIdSchema = Type.Object(
  {
    space: Type.String({
      minLength: 1,
      maxLength: 43,
      pattern: '^[a-zA-Z][a-zA-Z0-9_-]{0,41}[a-zA-Z0-9]?$',
      description: 'Name of the space.',
    }),
    externalId: Type.String({
      minLength: 1,
      maxLength: 256,
      pattern: '^[^\\x00]{1,256}$',
      description: 'Id that the client chose, one of its kind in the space.',
    }),
  },
  { $id: 'InstanceId' },
);
/** Names a node by its space and external id. */
export type InstanceId = Static<typeof InstanceIdSchema>;

/** The image of a segment request: exactly one of the three (docs/contract.md#segment-request-items). */
export const SegmentFileReferenceSchema = Type.Object(
  {
    fileId: Type.Optional(FileIdSchema),
    fileExternalId: Type.Optional(FileExternalIdSchema),
    fileInstanceId: Type.Optional(Type.Ref('InstanceId')),
  },
  {
    $id: 'SegmentFileReference',
    oneOf: [{ required: ['fileId'] }, { required: ['fileExternalId'] }, { required: ['fileInstanceId'] }],
  },
);
/** Names the file of a segment job in one of three ways: by id, external id, or instance id. */
export type SegmentFileReference = Static<typeof SegmentFileReferenceSchema> & { fileInstanceId?: InstanceId };

/** A file as the Files API names it: exactly one of the three keys is present. */
export interface FileReference {
  id?: number;
  externalId?: string;
  instanceId?: InstanceId;
}

/** The file of a job as answers name it; `fileId` is always resolved (docs/contract.md#segment-post-answer). */
export const ResolvedFileSchema = Type.Object(
  {
    fileId: FileIdSchema,
    fileExternalId: Type.Optional(FileExternalIdSchema),
    fileInstanceId: Type.Optional(Type.Ref('InstanceId')),
  },
  { $id: 'ResolvedFile' },
);
/** The file of a job with its numeric id and the identifier it was named by. */
export interface ResolvedFile {
  fileId: number;
  fileExternalId?: string;
  fileInstanceId?: InstanceId;
}
