import type { components } from '../api/openapi.d.ts';

/** A file as the API answers it. */
export type LibraryFile = components['schemas']['File'];

/** The photo that a new server comes with, by its externalId. */
export const SAMPLE_ID = 'kontur-sample';

const EXTENSION = /\.(jpe?g|png)$/i;
const MIME_TYPES = ['image/jpeg', 'image/png'];

/** Whether the record of a file says that it is a photo: by its name, and by its mimeType if it has one. */
export function isPhoto({ name, mimeType }: Pick<LibraryFile, 'name' | 'mimeType'>): boolean {
  return EXTENSION.test(name) && (mimeType === undefined || MIME_TYPES.includes(mimeType.toLowerCase()));
}
