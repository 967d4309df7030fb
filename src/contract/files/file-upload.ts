import { Type } from 'typebox';
import { MAX_PARTS } from '../limits.ts';
import { FileCreatedSchema, FileSchema } from './file.ts';
import { FileExternalIdSchema, FileIdSchema } from './file-reference.ts';

/** Body of `POST …/files/uploadlink` and `POST …/files/multiuploadlink`. */
export const UploadLinkRequestSchema = Type.Object(
  { items: Type.Array(Type.Ref('FileReference'), { minItems: 1, maxItems: 1, description: 'The one file.' }) },
  { $id: 'UploadLinkRequest' },
);

/**
 * Answer to `POST …/files/uploadlink`: flat, as documented, and in `items`, as clients read it
 * (docs/contract.md#files-upload-link).
 */
export const UploadLinkSchema = Type.Object(
  {
    ...FileCreatedSchema.properties,
    items: Type.Array(Type.Ref('FileCreated'), { minItems: 1, maxItems: 1, description: 'The same, as a list.' }),
  },
  { $id: 'UploadLink' },
);

/** Number of parts that a file is uploaded in. */
export const PartsSchema = Type.Integer({
  minimum: 1,
  maximum: MAX_PARTS,
  description: 'Number of parts, of at most 4000 MiB each.',
});

/** A file and where to PUT each of its parts. */
export const FilePartsSchema = Type.Object(
  {
    ...FileSchema.properties,
    uploadId: Type.String({ description: 'Names the upload when it is completed.' }),
    uploadUrls: Type.Array(Type.String(), { description: 'One for each part, in order.' }),
  },
  { $id: 'FileParts' },
);

/**
 * Answer that begins an upload in parts: flat, as clients read it, and in `items`, as documented
 * (docs/contract.md#files-begin-multipart).
 */
export const MultipartUploadSchema = Type.Object(
  {
    ...FilePartsSchema.properties,
    items: Type.Array(Type.Ref('FileParts'), { minItems: 1, maxItems: 1, description: 'The same, as a list.' }),
  },
  { $id: 'MultipartUpload' },
);

/** Body of `POST …/files/completemultipartupload`. */
export const CompleteMultipartUploadSchema = Type.Object(
  {
    id: Type.Optional(FileIdSchema),
    externalId: Type.Optional(FileExternalIdSchema),
    instanceId: Type.Optional(Type.Ref('InstanceId')),
    uploadId: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'uploadId of the answer that began the upload.',
    }),
  },
  {
    $id: 'CompleteMultipartUpload',
    oneOf: [{ required: ['id'] }, { required: ['externalId'] }, { required: ['instanceId'] }],
  },
);
