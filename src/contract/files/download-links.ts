import { Type } from 'typebox';
import { FileExternalIdSchema, FileIdSchema } from './file-reference.ts';

/**
 * Answer to `POST …/files/downloadlink`: each file under the identifier it was asked for by
 * (docs/contract.md#files-download-link).
 */
export const DownloadLinksSchema = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        id: Type.Optional(FileIdSchema),
        externalId: Type.Optional(FileExternalIdSchema),
        instanceId: Type.Optional(Type.Ref('InstanceId')),
        downloadUrl: Type.String(),
      }),
    ),
  },
  { $id: 'DownloadLinks' },
);
