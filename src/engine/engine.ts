import type { ImageSize, ModelFrame } from '#geometry/spaces';
import type { Candidate } from '#prompting/candidate';
import type { DecoderPrompt } from '#prompting/decoder-prompt';
import type { Precision } from '../models/choose-precision.ts';
import type { EncodedImage } from './encoded-image.ts';
import type { ImageFile } from './image-file.ts';

/** What the engine runs: the model's id, what its encoder computes in, and onnxruntime's execution provider. */
export interface EngineState {
  model: string;
  precision: Precision;
  provider: string;
}

/** Embeddings and masks of image files. Every method may throw what processes/child-process.ts throws. */
export interface Engine {
  /**
   * Resolves once both graphs are loaded; of an engine in a single process the decoder's, as its encoder's comes with the image.
   * @throws what keeps them from it
   */
  ready(): Promise<void>;
  /**
   * Size of the whole upright image in pixels, known or from its header alone.
   * @throws KonturError of the `image-` group
   */
  measure(file: ImageFile, signal?: AbortSignal): Promise<ImageSize>;
  /**
   * Encodes the image unless its embedding is held or kept.
   * @returns how the image lies in the model's square
   * @throws KonturError of the `image-` group
   */
  embed(file: ImageFile, signal?: AbortSignal): Promise<ModelFrame>;
  /**
   * Encodes an image that nobody waits for: all others go first.
   * @throws KonturError of the `image-` group
   */
  warm(file: ImageFile, signal?: AbortSignal): Promise<void>;
  /**
   * Candidates for a prompt with at least one foreground point or a box (prompting/decode-prompt.ts), on the embedding of the image,
   * which is encoded where it has to be.
   * @throws KonturError of the `image-` group; `unavailable` where the embedding is lost each time before it is used
   */
  decode(file: ImageFile, prompt: DecoderPrompt, signal?: AbortSignal): Promise<Candidate[]>;
  /**
   * The embedding itself, for which the image is encoded where it has to be.
   * @throws as `decode` does
   */
  readEmbedding(file: ImageFile, signal?: AbortSignal): Promise<EncodedImage>;
  /** Lets go of the embeddings of that content, held or kept. */
  forgetEmbedding(contentHash: string): Promise<void>;
  /** What runs once the engine is ready. Nothing else ever runs instead: what cannot be had is an error at start. */
  describe(): Promise<EngineState>;
  /** Ends the processes and removes temporary files. */
  close(): Promise<void>;
}
