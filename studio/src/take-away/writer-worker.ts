import { findFormat } from '#outputs/find-format';
import { createCanvasRaster, cutOut } from './canvas-raster.ts';
import type { WriteAnswer, WriteQuestion } from './create-writer.ts';

/** The photo that was opened last: exports take one after another, each perhaps several times. */
let opened: { content: Blob; photo: Promise<ImageBitmap> } | undefined;

function openPhoto(content: Blob): Promise<ImageBitmap> {
  if (opened?.content !== content) {
    void opened?.photo.then(
      (photo) => photo.close(),
      () => {},
    );
    opened = { content, photo: createImageBitmap(content, { imageOrientation: 'from-image' }) };
  }
  return opened.photo;
}

let lastContent: Blob | undefined;

async function write({ source, photo: content, ...what }: WriteQuestion): Promise<Blob> {
  // The same photo is sent once.
  if (content !== 'same') lastContent = content;
  const photo = lastContent === undefined ? undefined : await openPhoto(lastContent);
  if (photo !== undefined && (photo.width !== source.imageWidth || photo.height !== source.imageHeight)) {
    const sizes = `${photo.width} x ${photo.height}, not ${source.imageWidth} x ${source.imageHeight}`;
    throw new DOMException(`This browser reads the photo as one of ${sizes} pixels.`, 'EncodingError');
  }
  if (what.as === 'cropped cut-out') {
    if (photo === undefined) throw new Error('A cut-out takes the photo.');
    const parts = source.segments.flatMap((segment) => segment.parts);
    return cutOut(photo, parts, { crop: true });
  }
  const { format, options } = findFormat(what.format, what.options);
  const written = await format.write(source, options, createCanvasRaster(photo));
  return typeof written === 'string' ? new Blob([written], { type: format.mediaType }) : written;
}

addEventListener('message', ({ data: question }: MessageEvent<WriteQuestion>) => {
  const answer = (result: WriteAnswer) => postMessage(result);
  write(question).then(
    (blob) => answer({ blob }),
    (error: unknown) => {
      const { name, message } = error instanceof Error || error instanceof DOMException ? error : new Error(`${error}`);
      answer({ error: { name, message } });
    },
  );
});
