import type { ImageSize, ModelFrame } from '#geometry/spaces';
import type { Candidate } from '#prompting/candidate';
import type { DecoderPrompt } from '#prompting/decoder-prompt';
import type { Preprocessing } from '../models/catalogue.ts';
import type { Precision } from '../models/choose-precision.ts';
import type { FlavourName } from '../models/flavours/graph-flavour.ts';
import type { PortableDecoder } from '../models/prepare-model.ts';
import type { EncodedImage } from './encoded-image.ts';
import type { ImageFile } from './image-file.ts';

/**
 * The model and settings that an engine runs: the model's id, the precision of its encoder, and onnxruntime's execution
 * provider.
 */
export interface EngineState {
  model: string;
  precision: Precision;
  provider: string;
}

/** What decides whether embeddings of this engine can be decoded elsewhere with the same answers. */
export interface EngineModel extends EngineState {
  /** Family of exports that the decoder is of: names of its inputs and outputs, and the meaning of its masks. */
  flavour: FlavourName;
  /** Whether the decoder takes the logits of the previous run. */
  takesLogits: boolean;
  /** How images are placed in the model's square; `version` rises whenever the same image would give other values. */
  preprocessing: Pick<Preprocessing, 'version' | 'fit'>;
  /** Names everything that an embedding depends on besides the image (models/embedding-variant.ts). */
  variant: string;
}

/** Embeddings and masks of image files. Every method may throw what processes/child-process.ts throws. */
export interface Engine {
  /**
   * Resolves once both graphs are loaded; in a single-process engine once the decoder's is, since the encoder's is
   * opened with the image.
   *
   * @throws the error that keeps a graph from being loaded
   */
  ready(): Promise<void>;
  /**
   * Size of the whole upright image in pixels, cached or from its header alone.
   *
   * @throws KonturError of the `image-` group
   */
  measure(file: ImageFile, signal?: AbortSignal): Promise<ImageSize>;
  /**
   * Encodes the image unless its embedding is cached.
   *
   * @returns how the image lies in the model's square
   * @throws KonturError of the `image-` group
   */
  embed(file: ImageFile, signal?: AbortSignal): Promise<ModelFrame>;
  /**
   * Prefetch: encodes an image with the lowest priority.
   *
   * @throws KonturError of the `image-` group
   */
  warm(file: ImageFile, signal?: AbortSignal): Promise<void>;
  /**
   * Computes the candidates for a prompt with at least one foreground point or a box (prompting/decode-prompt.ts).
   * Encodes the image if its embedding is not cached.
   *
   * @throws KonturError of the `image-` group; `unavailable` if the embedding is lost each time before it is used
   */
  decode(file: ImageFile, prompt: DecoderPrompt, signal?: AbortSignal): Promise<Candidate[]>;
  /**
   * Reads the embedding of an image, which is encoded if it is not cached.
   *
   * @throws KonturError as `decode` does
   */
  readEmbedding(file: ImageFile, signal?: AbortSignal): Promise<EncodedImage>;
  /** Deletes the embeddings of this content from memory and store. */
  forgetEmbedding(contentHash: string): Promise<void>;
  /**
   * Describes what the engine runs, once it is ready. There are no fallbacks: what is not available is an error at the
   * start.
   */
  describe(): Promise<EngineState>;
  /** Describes the model, for those who decode its embeddings elsewhere. */
  describeModel(): Promise<EngineModel>;
  /**
   * Stores the decoder's graph in a file for browsers.
   *
   * @returns undefined for a model whose decoder is not rebuilt
   */
  exportDecoder(): Promise<PortableDecoder | undefined>;
  /** Ends the processes and deletes temporary files. */
  close(): Promise<void>;
}
