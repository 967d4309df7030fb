import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Files } from '../files/create-files.ts';
import type { FileRecord } from '../files/file-record.ts';
import { assetPath } from '../runtime/package-path.ts';

/** The photo that comes with the package: JPEG, 1024 x 819 pixels. */
export const SAMPLE_PHOTO = assetPath('boats.jpg');

const FILE = {
  externalId: 'kontur-sample',
  name: 'nagasaki-boats.jpg',
  mimeType: 'image/jpeg',
  metadata: {
    title: 'Boats in River, Nagasaki',
    photographer: 'Felice Beato, about 1865',
    source: "Public domain, Getty's Open Content Program",
  },
};

/**
 * Uploads the sample photo to a project.
 *
 * @throws KonturError as an upload does, and `conflict` if a file with its external id is there already
 */
export async function putSamplePhoto(files: Pick<Files, 'create' | 'upload'>, project: string): Promise<FileRecord> {
  const { id, uploadGeneration } = await files.create(project, FILE, { overwrite: false });
  const { size } = await stat(SAMPLE_PHOTO);
  return files.upload({ project, fileId: id, uploadGeneration }, createReadStream(SAMPLE_PHOTO), size);
}
