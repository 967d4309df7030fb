import type { FastifyInstance } from 'fastify';
import type { AppDependencies } from '../../app-dependencies.ts';
import { addAggregateFiles } from './aggregate-files.ts';
import { addCompleteMultipartUpload } from './complete-multipart-upload.ts';
import { addCreateDownloadLinks } from './create-download-links.ts';
import { addCreateFile } from './create-file.ts';
import { addCreateMultipartUploadLink } from './create-multipart-upload-link.ts';
import { addCreateUploadLink } from './create-upload-link.ts';
import { addDeleteFiles } from './delete-files.ts';
import { addFindFiles } from './find-files.ts';
import { addGetFile } from './get-file.ts';
import { addListFiles } from './list-files.ts';
import { addListFilesByQuery } from './list-files-by-query.ts';
import { addSearchFiles } from './search-files.ts';
import { addStartMultipartUpload } from './start-multipart-upload.ts';
import { addUpdateFiles } from './update-files.ts';

/** Adds the operations on file records, with JSON bodies. */
export function addFileRoutes(app: FastifyInstance, { files, links, direct, settings }: AppDependencies): void {
  const linked = { files, links, direct, publicUrl: settings.publicUrl };
  addCreateFile(app, linked);
  addCreateUploadLink(app, linked);
  addStartMultipartUpload(app, linked);
  addCreateMultipartUploadLink(app, linked);
  addCompleteMultipartUpload(app, { files });
  addFindFiles(app, { files });
  addGetFile(app, { files });
  addListFiles(app, { files });
  addListFilesByQuery(app, { files });
  addSearchFiles(app, { files });
  addAggregateFiles(app, { files });
  addUpdateFiles(app, { files });
  addCreateDownloadLinks(app, linked);
  addDeleteFiles(app, { files });
}
