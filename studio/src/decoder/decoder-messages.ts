import type { PreviewedSegment } from '#contract/vision/outputs';
import type { Prompt } from '#contract/vision/prompt';
import type { ImageWindow } from '#geometry/image-window';
import type { ImageSize, ModelFrame } from '#geometry/spaces';
import type { DecoderFailureReason } from './decoder-failure.ts';

/** The embedding of a photo, or of a window of it: 256 x 64 x 64 values in half precision, as bits. */
export interface PhotoEmbedding {
  /** Differs for each content of the photo, each window and each model. */
  key: string;
  /** How the photo, or the window, lies in the model's square. */
  frame: ModelFrame;
  data: Uint16Array<ArrayBuffer>;
}

/** The decoder's graph: where it is, and what it has to be. */
export interface DecoderFile {
  url: string;
  sha256: string;
  bytes: number;
}

/** What a worker is asked. `id` is that of the request; `photo` the key of the photo's own embedding. */
export type DecoderRequest =
  | { kind: 'load'; decoder: DecoderFile; threads: number }
  | { kind: 'segment'; id: number; photo: string; prompt: Prompt; detailWindows: boolean }
  | { kind: 'embedding'; id: number; embedding: PhotoEmbedding }
  | { kind: 'give-up'; id: number };

/** What a decoder in this browser finds: the segments of a prompt as a preview of the server has them. */
export interface DecodedSegments extends ImageSize {
  segments: PreviewedSegment[];
}

/** What a worker answers. `need` asks for an embedding that it does not hold. */
export type DecoderAnswer =
  | { kind: 'ready' }
  | { kind: 'failed'; reason: DecoderFailureReason; message: string }
  | { kind: 'need'; id: number; window?: ImageWindow }
  | { kind: 'segments'; id: number; found: DecodedSegments }
  | { kind: 'ended'; id: number }
  | { kind: 'error'; id: number; message: string };
