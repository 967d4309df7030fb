import { KonturError } from '#contract/errors';

/** Formats of images that can be segmented. */
export type ImageFormat = 'jpeg' | 'png';

/** Bytes from the start of a file that suffice to recognise its format. */
export const HEAD_BYTES = 4096;

/** Signatures of other formats with their offsets, and the usual names of the formats. */
const OTHER_FORMATS: [name: string, offset: number, ...signatures: string[]][] = [
  ['a GIF image', 0, 'GIF8'],
  ['a WebP image', 8, 'WEBP'],
  ['a TIFF image', 0, 'II*\0', 'MM\0*', 'II+\0', 'MM\0+'],
  ['an AVIF image', 4, 'ftypavif', 'ftypavis'],
  ['a HEIC image', 4, 'ftyphei', 'ftyphev', 'ftypmif1', 'ftypmsf1'],
  ['a JPEG 2000 image', 4, 'jP  '],
  ['a JPEG XL image', 0, '\xff\x0a', '\0\0\0\x0cJXL '],
  ['a Windows bitmap', 0, 'BM'],
  ['a Photoshop document', 0, '8BPS'],
  ['an icon', 0, '\0\0\x01\0', '\0\0\x02\0'],
  ['a video', 4, 'ftyp'],
  ['a PDF document', 0, '%PDF-'],
  ['a ZIP archive or an Office document', 0, 'PK\x03\x04'],
  ['gzip-compressed data', 0, '\x1f\x8b'],
];

/** Starts of other text formats, after leading white space, and the usual names of the formats. */
const TEXT_FORMATS: [name: string, start: RegExp][] = [
  ['an HTML page', /^(<!doctype html|<html|<head|<body)/i],
  ['an SVG drawing', /^(<\?xml[\s\S]*?<svg|<svg|<!DOCTYPE svg)/i],
  ['an XML document', /^<\?xml/i],
  ['an image in base64 text', /^(data:image\/|\/9j\/|iVBORw0KGgo)/],
  ['JSON', /^(\{\s*["}]|\[\s*[[{"\]\d-])/],
];

/**
 * Results of JSON.stringify on binary objects: an empty object for a Blob or a web stream, numeric keys for a
 * Uint8Array, `data` for a Buffer, the inner state for a Node stream.
 */
const JSON_OF_BINARY = [
  /^\{\s*\}\s*$/,
  /^\{\s*"0"\s*:\s*\d/,
  /^\{\s*"type"\s*:\s*"Buffer"\s*,\s*"data"\s*:\s*\[/,
  /^\[\s*(255\s*,\s*216|137\s*,\s*80)\s*,/,
  /^\{[\s\S]*"_readableState"\s*:/,
];

/**
 * Recognises JPEG or PNG by content.
 *
 * @param head the first HEAD_BYTES of the file, or all of a shorter one
 * @throws KonturError `image-not-uploaded` (empty), `image-sent-as-json` or `image-not-recognised`, which names the
 * format that it is instead
 */
export function sniffFormat(head: Buffer): ImageFormat {
  if (head.length === 0) {
    throw new KonturError('image-not-uploaded', 'The file is empty: upload its content, then try again.');
  }
  const bytes = head.toString('latin1');
  if (bytes.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (bytes.startsWith('\x89PNG\r\n\x1a\n')) return 'png';

  const text = head.toString('utf8').replace(/^[\ufeff\s]+/, '');
  if (JSON_OF_BINARY.some((pattern) => pattern.test(text))) throw sentAsJson();
  const other =
    OTHER_FORMATS.find(([, offset, ...signatures]) => signatures.some((s) => bytes.startsWith(s, offset)))?.[0] ??
    TEXT_FORMATS.find(([, start]) => start.test(text))?.[0];
  throw new KonturError(
    'image-not-recognised',
    `The content of the file is ${other ?? 'not an image that is known here'}. Upload a JPEG or a PNG.`,
  );
}

const sentAsJson = () =>
  new KonturError(
    'image-sent-as-json',
    'The content of the file is not an image but the JSON text of a JavaScript object. The Cognite SDK for JavaScript sends this ' +
      'instead of a Blob, a Uint8Array or a stream: pass it a Buffer or an ArrayBuffer and upload again.',
  );
