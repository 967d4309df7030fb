import { UPLOAD_LINK_MS } from '#contract/limits';
import { type FileRecord, toWireFile } from '../../../files/file-record.ts';
import type { MultipartUpload } from '../../../files/start-multipart-upload.ts';
import { uploadName } from '../../../files/upload-name.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { createContentLink } from './content-link.ts';

/** What is needed to make upload and download links. */
export type LinkDependencies = Pick<AppDependencies, 'links' | 'direct'> & { publicUrl: string };

/** Adds to a file the URL to PUT its content to, valid for a week. */
export async function withUploadUrl(dependencies: LinkDependencies, file: FileRecord) {
  return { ...toWireFile(file), uploadUrl: await uploadUrl(dependencies, file) };
}

/**
 * Adds to a file the URL to PUT each part to, in the documented shape and in the one that clients read
 * (docs/contract.md#files-begin-multipart).
 */
export async function withPartUrls(dependencies: LinkDependencies, { uploadId, file, parts }: MultipartUpload) {
  const uploadUrls = await Promise.all(
    Array.from({ length: parts }, (_, index) => uploadUrl(dependencies, file, { uploadId, part: index + 1 })),
  );
  return inBothShapes({ ...toWireFile(file), uploadId, uploadUrls });
}

/** Answers with the properties at the top level, and repeats them in `items`. */
export const inBothShapes = <Answer extends object>(answer: Answer) => ({ ...answer, items: [answer] });

function uploadUrl(
  { direct, ...dependencies }: LinkDependencies,
  { project, id: fileId, uploadGeneration }: FileRecord,
  multipart?: { uploadId: string; part: number },
): Promise<string> {
  const upload = { project, fileId, uploadGeneration };
  if (direct !== undefined) return direct.uploadUrl(uploadName({ ...upload, ...multipart }), UPLOAD_LINK_MS);
  return createContentLink(dependencies, { kind: 'upload', ...upload, multipart }, UPLOAD_LINK_MS);
}
