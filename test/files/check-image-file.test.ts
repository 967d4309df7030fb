import { expect, it } from 'vitest';
import { checkImageFile } from '../../src/files/check-image-file.ts';
import type { FileRecord } from '../../src/files/file-record.ts';

const photo: FileRecord = {
  id: 5,
  name: 'photo.jpg',
  uploaded: true,
  createdTime: 1,
  lastUpdatedTime: 1,
  project: 'demo',
  uploadGeneration: 1,
  content: { blobKey: 'a', sha256: 'b', bytes: 3 },
};

it.each([
  { name: 'a.jpg' },
  { name: 'a.b.JPEG' },
  { name: 'x.PnG', mimeType: 'image/png' },
  { mimeType: 'Image/JPEG' },
  { name: 'a.png', mimeType: 'image/jpeg' },
])('accepts %j', (change) => {
  checkImageFile({ ...photo, ...change });
});

it.each([
  [
    { name: 'photo.gif' },
    'image-wrong-name',
    'File 5 ("photo.gif") must have a name that ends in .jpg, .jpeg or .png.',
  ],
  [{ name: 'jpg' }, 'image-wrong-name', ''],
  [{ name: 'photo.jpg.txt' }, 'image-wrong-name', ''],
  [{ mimeType: 'image/gif' }, 'image-wrong-mime-type', '"image/gif"'],
  [{ mimeType: '' }, 'image-wrong-mime-type', ''],
  [{ uploaded: false }, 'image-not-uploaded', 'never uploaded'],
] as const)('refuses %j', (change, code, text) => {
  const check = () => checkImageFile({ ...photo, ...change });
  expect(check).toThrow(expect.objectContaining({ code, message: expect.stringContaining(text) }));
});
