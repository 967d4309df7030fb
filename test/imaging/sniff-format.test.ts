import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { KonturError } from '#contract/errors';
import { HEAD_BYTES, sniffFormat } from '../../src/imaging/sniff-format.ts';

function refusal(content: string | Uint8Array): KonturError {
  const head = typeof content === 'string' ? Buffer.from(content, 'latin1') : Buffer.from(content);
  try {
    sniffFormat(head.subarray(0, HEAD_BYTES));
  } catch (error) {
    return error as KonturError;
  }
  throw new Error('The content was accepted.');
}

const picture = sharp({ create: { width: 20, height: 20, channels: 3, background: '#336699' } });

describe('sniffFormat', () => {
  it('knows JPEG and PNG by their first bytes', async () => {
    expect(sniffFormat(await picture.clone().jpeg().toBuffer())).toBe('jpeg');
    expect(sniffFormat(await picture.clone().png().toBuffer())).toBe('png');
  });

  it('tells an empty file from a wrong one', () => {
    expect(refusal('')).toMatchObject({ code: 'image-not-uploaded', message: expect.stringContaining('empty') });
  });

  it.each([
    ['GIF', () => picture.clone().gif().toBuffer()],
    ['WebP', () => picture.clone().webp().toBuffer()],
    ['TIFF', () => picture.clone().tiff().toBuffer()],
    ['AVIF', () => picture.clone().avif().toBuffer()],
  ])('names a %s image', async (name, encode) => {
    expect(refusal(await encode())).toMatchObject({
      code: 'image-not-recognised',
      message: expect.stringMatching(new RegExp(`${name} image.*JPEG or a PNG`)),
    });
  });

  it.each([
    ['HEIC', '\0\0\0\x18ftypheic\0\0\0\0'],
    ['PDF', '%PDF-1.7\n'],
    ['HTML', '  <!DOCTYPE html><html>'],
    ['HTML', '<html lang="en">'],
    ['SVG', '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['XML', '<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>'],
    ['JPEG 2000', '\0\0\0\x0cjP  \r\n\x87\n'],
    ['ZIP', 'PK\x03\x04'],
    ['base64', 'data:image/png;base64,iVBORw0KGgo='],
    ['base64', '/9j/4AAQSkZJRg'],
    ['JSON', '{"error":{"code":401}}'],
    ['not an image', 'hello'],
    ['not an image', '\x89PNG\n\n\x1a\n'],
    ['not an image', '\xff'],
  ])('names %s in its message', (name, content) => {
    expect(refusal(content)).toMatchObject({
      code: 'image-not-recognised',
      message: expect.stringContaining(name),
    });
  });

  const stream = createReadStream(fileURLToPath(import.meta.url));
  it.each([
    ['a Blob or a web stream', JSON.stringify(new Blob(['x']))],
    ['a Uint8Array', JSON.stringify(Uint8Array.of(137, 80, 78, 71), null, 2)],
    ['a Buffer', JSON.stringify(Buffer.from([137, 80, 78, 71]))],
    ['a Node stream', JSON.stringify(stream)],
    ['an array of bytes', JSON.stringify([255, 216, 255, 224])],
    ['anything after a byte order mark', Buffer.from('\ufeff { }\n')],
  ])('recognises the JSON text of %s and says what to upload instead', (_, content) => {
    expect(refusal(content)).toMatchObject({
      code: 'image-sent-as-json',
      message: expect.stringMatching(/SDK for JavaScript.*Buffer or an ArrayBuffer/),
    });
  });
});
