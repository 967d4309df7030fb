import { defined } from '#contract/defined';
import { KonturError } from '#contract/errors';
import { authoriseFile, mayAccessFile } from '../auth/authorise.ts';
import type { Principal } from '../auth/principal.ts';
import type { Blobs } from '../blobs/blobs.ts';
import { checkImageFile } from '../files/check-image-file.ts';
import type { Files } from '../files/create-files.ts';
import { filesNotFound } from '../files/name-references.ts';
import type { ImageSource } from './image-source.ts';

/** The image source of this server's own files. */
export function createOwnImages({
  files,
  blobs,
}: {
  files: Pick<Files, 'findEntries'>;
  blobs: Pick<Blobs, 'localPath'>;
}): ImageSource {
  return {
    async resolve({ principal }, reference) {
      const [found] = await files.findEntries(principal.project, [reference], { ignoreUnknownIds: true });
      authoriseFile(principal, 'READ', found);
      if (found === undefined) throw filesNotFound([reference]);
      const { id, externalId, instanceId, content } = found;
      const file = {
        fileId: id,
        ...(externalId !== undefined && { fileExternalId: externalId }),
        ...(instanceId !== undefined && { fileInstanceId: instanceId }),
      };
      return { file, contentSha256: content?.sha256 };
    },

    async checkReadable({ principal }, { fileId }) {
      if (mayReadAll(principal)) return;
      const [found] = await files.findEntries(principal.project, [{ id: fileId }], { ignoreUnknownIds: true });
      authoriseFile(principal, 'READ', found);
    },

    async readable({ principal }, fileIds) {
      if (mayReadAll(principal)) return new Set(fileIds);
      const references = fileIds.map((id) => ({ id }));
      const found = await files.findEntries(principal.project, references, { ignoreUnknownIds: true });
      const byId = new Map(found.map((file) => [file.id, file]));
      return new Set(fileIds.filter((id) => mayAccessFile(principal, 'READ', byId.get(id))));
    },

    async open({ project, file: { fileId }, contentSha256 }) {
      const [file] = await files.findEntries(project, [{ id: fileId }], { ignoreUnknownIds: true });
      if (file === undefined) {
        throw new KonturError('image-file-deleted', `File ${fileId} was deleted before the job ran.`);
      }
      checkImageFile(file);
      const { blobKey, sha256 } = defined(file.content, 'content of the file');
      if (contentSha256 !== undefined && contentSha256 !== sha256) {
        throw new KonturError(
          'image-file-replaced',
          `The content of file ${fileId} ("${file.name}") was replaced after the job was posted: post a job for the new content.`,
        );
      }
      return { name: file.name, path: await blobs.localPath(blobKey, sha256), contentHash: sha256 };
    },
  };
}

/** Only readers of all files see what remains of a deleted file, so the file itself is not needed. */
const mayReadAll = (principal: Principal) => mayAccessFile(principal, 'READ', undefined);
