import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { defined } from '#contract/defined';
import { KonturError } from '#contract/errors';
import type { FileReference } from '#contract/files/file-reference';
import { DOWNLOAD_LINK_MS, EXTENDED_DOWNLOAD_LINK_MS } from '#contract/limits';
import type { FileEntry } from '../../../files/file-record.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { requireSomeFiles } from '../../require-rights.ts';
import { answer, refusals } from '../describe-answers.ts';
import { PROJECT_PATH, projectParams } from '../project-path.ts';
import { contentHeaders } from './content-headers.ts';
import { createContentLink } from './content-link.ts';
import { findPermittedFiles } from './permitted-files.ts';
import type { LinkDependencies } from './upload-url.ts';

const schema = {
  operationId: 'downloadLinks',
  tags: ['Files'],
  summary: 'Get links to download the contents of files',
  params: projectParams(),
  querystring: Type.Object({
    extendedExpiration: Type.Optional(
      Type.Boolean({ default: false, description: 'Links that are good for an hour instead of 30 seconds.' }),
    ),
  }),
  body: Type.Ref('DownloadLinkRequest'),
  response: {
    200: answer('A link for each file.', Type.Ref('DownloadLinks')),
    ...refusals(400, 401, 403, 409, 413, 415),
  },
};

/** Adds `POST …/files/downloadlink`. */
export function addCreateDownloadLinks(
  app: FastifyInstance,
  { files, ...links }: Pick<AppDependencies, 'files'> & LinkDependencies,
): void {
  app.post<{ Body: { items: FileReference[] }; Querystring: { extendedExpiration: boolean } }>(
    `${PROJECT_PATH}/files/downloadlink`,
    { schema, onRequest: requireSomeFiles('READ') },
    async ({ body, query, principal }) => {
      const found = await findPermittedFiles(files.findEntries, { principal, action: 'READ' }, body.items);
      refuseWithoutContent(found);
      const expiresInMs = query.extendedExpiration ? EXTENDED_DOWNLOAD_LINK_MS : DOWNLOAD_LINK_MS;
      const items = found.map(async (file, index) => {
        const { id, externalId, instanceId } = defined(body.items[index], 'item of the file');
        return { id, externalId, instanceId, downloadUrl: await createDownloadUrl(links, file, expiresInMs) };
      });
      return { items: await Promise.all(items) };
    },
  );
}

function createDownloadUrl(
  { direct, ...dependencies }: LinkDependencies,
  file: FileEntry,
  expiresInMs: number,
): Promise<string> {
  if (direct !== undefined) {
    const { blobKey } = defined(file.content, 'content of the file');
    return direct.downloadUrl(blobKey, expiresInMs, contentHeaders(file));
  }
  const { project, id: fileId, uploadGeneration } = file;
  return createContentLink(dependencies, { kind: 'download', project, fileId, uploadGeneration }, expiresInMs);
}

function refuseWithoutContent(files: FileEntry[]): void {
  const empty = files.filter(({ uploaded }) => !uploaded);
  if (empty.length === 0) return;
  const names = empty.map(({ id, name }) => `${id} (${name})`).join(', ');
  throw new KonturError(
    'file-not-uploaded',
    `Files not uploaded: ${names}. PUT their content to their uploadUrl first.`,
  );
}
