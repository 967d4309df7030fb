import type { FastifyInstance } from 'fastify';
import type { AppDependencies } from '../../app-dependencies.ts';
import { addDownloadContent } from './download-content.ts';
import { addUploadContent } from './upload-content.ts';

/** Adds the operations on contents: signed links instead of tokens, streams instead of JSON. */
export function addFileContentRoutes(app: FastifyInstance, { files, links, blobs, settings }: AppDependencies): void {
  addUploadContent(app, { files, links, maxUploadBytes: settings.maxUploadBytes });
  addDownloadContent(app, { files, links, blobs });
}
