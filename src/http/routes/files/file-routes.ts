import type { FastifyInstance } from 'fastify';
import type { AppDependencies } from '../../app-dependencies.ts';
import { addCreateDownloadLinks } from './create-download-links.ts';
import { addCreateFile } from './create-file.ts';
import { addDeleteFiles } from './delete-files.ts';
import { addFindFiles } from './find-files.ts';
import { addGetFile } from './get-file.ts';
import { addListFiles } from './list-files.ts';

/** The operations on file records, with JSON bodies. */
export function addFileRoutes(app: FastifyInstance, { files, links, settings }: AppDependencies): void {
  const { publicUrl } = settings;
  addCreateFile(app, { files, links, publicUrl });
  addFindFiles(app, { files });
  addGetFile(app, { files });
  addListFiles(app, { files });
  addCreateDownloadLinks(app, { files, links, publicUrl });
  addDeleteFiles(app, { files });
}
