import { isShownAsSeen } from './shown-as-seen.ts';
import type { PixelRect, Size } from './viewport.ts';

/** What the worker is asked. */
export type OriginalQuestion =
  | { kind: 'open'; url: string; size: Size }
  | { kind: 'part'; part: PixelRect; size: Size };

/** What the worker answers: that the photo is open, that it cannot be shown, or a part of it. */
export type OriginalAnswer =
  | { kind: 'opened' }
  | { kind: 'closed' }
  | { kind: 'part'; part: PixelRect; bitmap: ImageBitmap };

/** Bytes of a file that say whether it is shown as the engine sees it. */
const HEAD_BYTES = 32;

const answer = (message: OriginalAnswer, transfer: Transferable[] = []) =>
  (self as unknown as Worker).postMessage(message, transfer);
let photo: ImageBitmap | undefined;

self.addEventListener('message', ({ data }: MessageEvent<OriginalQuestion>) => {
  if (data.kind === 'open') void open(data.url, data.size).catch(() => answer({ kind: 'closed' }));
  else sendPart(data.part, data.size);
});

async function open(url: string, size: Size): Promise<void> {
  const file = await read(url);
  photo = file && (await createImageBitmap(file));
  const isWhole = photo?.width === size.width && photo.height === size.height;
  answer({ kind: isWhole ? 'opened' : 'closed' });
}

/** Reads a file; undefined, after its first bytes, if browsers would show it differently. */
async function read(url: string): Promise<Blob | undefined> {
  const { ok, body } = await fetch(url, { credentials: 'omit' });
  if (!ok || body === null) return undefined;
  const reader = body.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  let isChecked = false;
  for (;;) {
    const { done, value } = await reader.read();
    if (value !== undefined) {
      chunks.push(value);
      length += value.length;
    }
    if (!isChecked && (length >= HEAD_BYTES || done)) {
      isChecked = true;
      const head = new Uint8Array(await new Blob(chunks).slice(0, HEAD_BYTES).arrayBuffer());
      if (!isShownAsSeen(head)) {
        await reader.cancel();
        return undefined;
      }
    }
    if (done) return new Blob(chunks);
  }
}

function sendPart(part: PixelRect, { width, height }: Size): void {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (photo === undefined || context === null) {
    answer({ kind: 'closed' });
    return;
  }
  context.imageSmoothingQuality = 'medium';
  // Not by createImageBitmap, which cuts photos that EXIF turns before it turns them.
  context.drawImage(photo, part.left, part.top, part.width, part.height, 0, 0, width, height);
  const bitmap = canvas.transferToImageBitmap();
  answer({ kind: 'part', part, bitmap }, [bitmap]);
}
