import { describe, expect, it } from 'vitest';
import { checkFile } from '../../studio/src/uploads/check-file.ts';

const JPEG = [0xff, 0xd8, 0xff, 0xe0, 1, 2, 3];
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a];
const check = (name: string, bytes: number[] | string, type = '') =>
  checkFile(new File([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)], name, { type }));

describe('a chosen file', () => {
  it('is sent under its name if it is a photo by its content', async () => {
    expect(await check('a.jpg', JPEG)).toEqual({ name: 'a.jpg', mimeType: 'image/jpeg' });
    expect(await check('A.JPEG', JPEG)).toEqual({ name: 'A.JPEG', mimeType: 'image/jpeg' });
    expect(await check('a.jpg', PNG)).toEqual({ name: 'a.jpg', mimeType: 'image/png' });
  });

  it('gets the extension of its format if its name has none that counts', async () => {
    expect(await check('scan', PNG)).toEqual({ name: 'scan.png', mimeType: 'image/png' });
    expect(await check('photo.jfif', JPEG)).toEqual({ name: 'photo.jfif.jpg', mimeType: 'image/jpeg' });
    expect(await check('x'.repeat(255), JPEG)).toEqual({ name: `${'x'.repeat(252)}.jpg`, mimeType: 'image/jpeg' });
  });

  it('is refused before anything is sent, with the reason', async () => {
    expect(await check('a.jpg', [])).toEqual({ refused: 'empty' });
    expect(await check('a.jpg', 'plain text', 'image/jpeg')).toEqual({ refused: 'no-photo' });
    expect(await check('notes.txt', 'plain text')).toEqual({ refused: 'no-photo' });
    expect(await check('IMG_1.HEIC', '\0\0\0\u0020ftypheic')).toEqual({ refused: 'other-format' });
    expect(await check('IMG_1', 'RIFF....WEBP', 'image/webp')).toEqual({ refused: 'other-format' });
    const gone = Object.assign(new File(['x'], 'gone.jpg'), {
      slice: () => ({ arrayBuffer: () => Promise.reject(new Error()) }),
    });
    expect(await checkFile(gone)).toEqual({ refused: 'unreadable' });
  });
});
