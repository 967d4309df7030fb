/** A chosen file that can be sent, or why it cannot. */
export type CheckedFile =
  | { name: string; mimeType: 'image/jpeg' | 'image/png' }
  | { refused: 'empty' | 'no-photo' | 'other-format' | 'unreadable' };

const FORMATS = [
  { mimeType: 'image/jpeg', starts: [0xff, 0xd8, 0xff], extension: '.jpg', extensions: /\.jpe?g$/i },
  { mimeType: 'image/png', starts: [0x89, 0x50, 0x4e, 0x47], extension: '.png', extensions: /\.png$/i },
] as const;

/** Most characters of a name. */
const MOST_CHARACTERS = 256;
/** Names of pictures in formats that the server does not read. */
const OTHER_PICTURES = /\.(heic|heif|avif|webp|gif|tiff?|bmp|svg|jxl|jp2|dng|cr[23]|nef|arw|raf|orf|rw2)$/i;

/**
 * Looks at the first bytes of a chosen file, so that what is no photo is said before anything is sent. A photo whose
 * name says nothing of it, or something else, gets the extension of its format, without which it could not be used.
 */
export async function checkFile(file: File): Promise<CheckedFile> {
  if (file.size === 0) return { refused: 'empty' };
  const start = await readStart(file);
  if (start === undefined) return { refused: 'unreadable' };
  const format = FORMATS.find(({ starts }) => starts.every((byte, place) => start[place] === byte));
  if (format === undefined) {
    const isPicture = file.type.startsWith('image/') || OTHER_PICTURES.test(file.name);
    return {
      refused: isPicture && !FORMATS.some((one) => one.extensions.test(file.name)) ? 'other-format' : 'no-photo',
    };
  }
  const { mimeType, extension } = format;
  if (FORMATS.some((one) => one.extensions.test(file.name))) return { name: file.name, mimeType };
  return { name: file.name.slice(0, MOST_CHARACTERS - extension.length) + extension, mimeType };
}

async function readStart(file: File): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await file.slice(0, 4).arrayBuffer());
  } catch {
    return undefined;
  }
}
