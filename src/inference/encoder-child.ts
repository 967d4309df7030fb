import { closeSync, openSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import type { ImageWindow } from '../geometry/image-window.ts';
import type { ImageSize } from '../geometry/spaces.ts';
import { openModelImage } from '../imaging/load-model-image.ts';
import { openImage } from '../imaging/open-image.ts';
import { SQUARE } from '../models/aspect-buckets.ts';
import type { Model } from '../models/catalogue.ts';
import { choosePrecision, type PrecisionSetting } from '../models/choose-precision.ts';
import { findFlavour } from '../models/flavours/find-flavour.ts';
import { type EncodedImage, packImage } from './encoded-image.ts';
import { createEncoderSessions } from './encoder-sessions.ts';
import { toHalfEmbedding } from './half-embedding.ts';
import { normaliseImage } from './normalise-image.ts';
import { serveRequests } from './serve-requests.ts';

export interface EncoderStart {
  model: Model;
  threads: number;
  /** Images with more pixels are refused before any pixel is decoded. */
  maxPixels: number;
  cacheDir: string;
  precision: PrecisionSetting;
  /** Execution provider of onnxruntime. */
  provider: string;
  /** Images that are not square are encoded without most of their padding. */
  aspectBuckets: boolean;
  /** Get ready for what most images are before the first one comes. */
  prepareAhead: boolean;
}

/** The image file is opened here and nowhere else: if its bytes do harm, they harm this process. */
export type EncoderRequest = { path: string } & (
  | { kind: 'measure' }
  /** The whole image, or only a part of it. What comes of it is written to the file `to` (encoded-image.ts). */
  | { kind: 'encode'; window?: ImageWindow; to: string }
);

/** `size` answers `measure`; `bytes`, the length of the file that was written, answers `encode`. */
export interface EncoderAnswer {
  size?: ImageSize;
  bytes?: number;
}

/**
 * Behind the decoder in the queue for the processor: while an image is encoded, a prompt on another one takes 125 ms at the 95th
 * percentile in place of 340 (2 cores), and encoding alone loses nothing.
 */
const LOW_PRIORITY = 5;

serveRequests(async ({ maxPixels, ...start }: EncoderStart) => {
  setPriority(LOW_PRIORITY);
  const { model, provider } = start;
  const flavour = findFlavour(model.flavour);
  const precision = await choosePrecision({ precision: start.precision, provider, flavour: model.flavour });
  const sessions = createEncoderSessions({ ...start, precision });
  if (start.prepareAhead) await sessions.prepare();
  const memory = new Float32Array(3 * SQUARE.width * SQUARE.height);

  async function encode(path: string, window?: ImageWindow): Promise<EncodedImage> {
    const { fit } = model.preprocessing;
    const { frame, read } = await openModelImage(path, { maxPixels }, { fit, window });
    const size = sessions.sizeFor(frame);
    const [rgb, session] = await both(read(), sessions.open(size));
    const planes = normaliseImage({ rgb, ...frame }, model.preprocessing, size, memory);
    return { embedding: toHalfEmbedding(await flavour.encode(session, planes)), frame };
  }

  return async (request: EncoderRequest): Promise<EncoderAnswer> => {
    if (request.kind === 'measure') {
      const { imageWidth, imageHeight } = await openImage(request.path, { maxPixels });
      return { size: { imageWidth, imageHeight } };
    }
    return { bytes: writeParts(request.to, packImage(await encode(request.path, request.window))) };
  };
});

/** Returns how many bytes they are. Handing them to another thread would take longer than the writing does. */
function writeParts(path: string, parts: Uint8Array[]): number {
  const file = openSync(path, 'w', 0o600);
  try {
    for (const part of parts) writeFileSync(file, part);
  } finally {
    closeSync(file);
  }
  return parts.reduce((bytes, part) => bytes + part.length, 0);
}

/** Both results. Throws only when both are done, so that nothing of this request is under way during the next. */
async function both<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}
