import type { LinkSigner } from '../../../blobs/link-signer.ts';
import { UPLOAD_LINK_MS } from '../../../contract/limits.ts';
import { type FileRecord, toWireFile } from '../../../files/file-record.ts';
import type { MultipartUpload } from '../../../files/start-multipart-upload.ts';
import { createContentLink } from './content-link.ts';

interface Dependencies {
  links: LinkSigner;
  publicUrl: string;
}

/** The file with the address to PUT its content to, good for a week. */
export async function withUploadUrl(dependencies: Dependencies, file: FileRecord) {
  return { ...toWireFile(file), uploadUrl: await createContentLink(dependencies, uploadLink(file), UPLOAD_LINK_MS) };
}

/** The file with the address to PUT each part to, in both shapes that clients and documents know (CONTRACT.md 3). */
export async function withPartUrls(dependencies: Dependencies, { uploadId, file, parts }: MultipartUpload) {
  const uploadUrls = await Promise.all(
    Array.from({ length: parts }, (_, index) => {
      const link = { ...uploadLink(file), multipart: { uploadId, part: index + 1 } };
      return createContentLink(dependencies, link, UPLOAD_LINK_MS);
    }),
  );
  return inBothShapes({ ...toWireFile(file), uploadId, uploadUrls });
}

/** Flat, and the same again in `items`. */
export const inBothShapes = <Answer extends object>(answer: Answer) => ({ ...answer, items: [answer] });

const uploadLink = ({ project, id, uploadGeneration }: FileRecord) =>
  ({ kind: 'upload', project, fileId: id, uploadGeneration }) as const;
