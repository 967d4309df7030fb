import { KonturError } from '#contract/errors';
import { EXTENDED_DOWNLOAD_LINK_MS } from '#contract/limits';
import { FORBIDDEN_MESSAGE } from '../../auth/authorise.ts';
import { checkImageFile } from '../../files/check-image-file.ts';
import { createShortMemory } from '../../runtime/short-memory.ts';
import type { ImageSource, Reader } from '../image-source.ts';
import type { Caller, UpstreamApi } from './create-upstream-api.ts';
import { readEtag } from './download-content.ts';
import { guardLink } from './guard-link.ts';
import type { UpstreamContents } from './upstream-contents.ts';

/**
 * The image source of the upstream's files. The upstream decides whether a caller may read a file; a yes is cached for
 * a minute. A job runs without its caller's token, by the download link created when it was posted, and only on the
 * content that the link led to then, as far as the upstream's store tells contents apart.
 */
export function createUpstreamImages({
  api,
  contents,
  upstream,
  now = Date.now,
}: {
  api: Pick<UpstreamApi, 'findFile' | 'findFiles' | 'createDownloadLink'>;
  contents: UpstreamContents;
  upstream: string;
  now?: () => number;
}): ImageSource {
  const readable = createShortMemory<void>(now);

  return {
    async resolve(reader, reference) {
      const caller = toCaller(reader);
      const found = await api.findFile(caller, reference);
      const { id: fileId, externalId, instanceId, name, mimeType, uploaded, lastUpdatedTime } = found;
      const file = {
        fileId,
        ...(externalId !== undefined && { fileExternalId: externalId }),
        ...(instanceId !== undefined && { fileInstanceId: instanceId }),
      };
      const uploadedTime = found.uploadedTime ?? lastUpdatedTime;
      const upstreamFile = { name, mimeType, uploaded, uploadedTime };
      const content = { project: caller.project, fileId, uploadedTime };
      if (!uploaded || (await contents.has(content))) return { file, upstreamFile };
      const linkExpiresTime = now() + EXTENDED_DOWNLOAD_LINK_MS;
      const downloadUrl = await api.createDownloadLink(caller, fileId);
      await guardLink(downloadUrl, upstream);
      const etag = await readEtag(downloadUrl);
      return {
        file,
        upstreamFile: { ...upstreamFile, downloadUrl, linkExpiresTime, ...(etag !== undefined && { etag }) },
      };
    },

    async checkReadable(reader, { fileId }) {
      const caller = toCaller(reader);
      await readable.recall([caller.authorization ?? '', caller.project, fileId], async () => {
        await api.findFile(caller, { id: fileId }).catch(refuseUnreadable);
      });
    },

    async readable(reader, fileIds) {
      const caller = toCaller(reader);
      const found = await api.findFiles(caller, fileIds);
      return new Set(found.map(({ id }) => id));
    },

    async open({ project, file: { fileId }, upstreamFile }, signal) {
      if (upstreamFile === undefined) {
        throw new KonturError(
          'image-link-expired',
          `There is no download link for file ${fileId}: post the job again.`,
        );
      }
      const { name, uploadedTime } = upstreamFile;
      checkImageFile({ id: fileId, ...upstreamFile });
      const { path, sha256 } = await contents.open({ project, fileId, uploadedTime }, upstreamFile, signal);
      return { name, path, contentHash: sha256 };
    },
  };
}

const toCaller = ({ principal: { project }, authorization }: Reader): Caller => ({ project, authorization });

/** A missing or unreachable file hides the results on it, with the message of any refusal. */
function refuseUnreadable(error: unknown): never {
  const unreadable = error instanceof KonturError && ['files-not-found', 'not-found'].includes(error.code);
  throw unreadable ? new KonturError('forbidden', FORBIDDEN_MESSAGE) : error;
}
