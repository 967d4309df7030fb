import { KonturError } from '#contract/errors';
import type { FileRecord } from './file-record.ts';

const EXTENSIONS = /\.(jpe?g|png)$/i;
const MIME_TYPES = ['image/jpeg', 'image/png'];

/**
 * Checks a file for a segment job by its record only: it must be .jpeg, .jpg or .png, and its mimeType, if any,
 * image/jpeg or image/png (docs/contract.md#segment-image-file). Name and mimeType are checked independently; the
 * format is found in the content.
 *
 * @throws KonturError of the `image-` group
 */
export function checkImageFile(file: Pick<FileRecord, 'id' | 'name' | 'mimeType' | 'uploaded'>): void {
  const named = `File ${file.id} ("${file.name}")`;
  if (!EXTENSIONS.test(file.name)) {
    throw new KonturError('image-wrong-name', `${named} must have a name that ends in .jpg, .jpeg or .png.`);
  }
  if (file.mimeType !== undefined && !MIME_TYPES.includes(file.mimeType.toLowerCase())) {
    throw new KonturError(
      'image-wrong-mime-type',
      `${named} has the mimeType "${file.mimeType}", but only image/jpeg and image/png can be segmented.`,
    );
  }
  if (!file.uploaded) {
    throw new KonturError(
      'image-not-uploaded',
      `${named} was never uploaded: PUT its content to its uploadUrl, then post again.`,
    );
  }
}
