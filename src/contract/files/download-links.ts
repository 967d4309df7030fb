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
        downloadUrl: Type.String({ description: 'Where to GET the content, without a token, for 30 s.' }),
      }),
      { description: 'A link for each file, in the order of the request.' },
    ),
  },
  { $id: 'DownloadLinks' },
);
