import type { ModelPoint } from '../../geometry/spaces.ts';
import type { FloatTensor, HalfTensor, Session } from '../open-session.ts';

/** What an encoder leaves of an image for the decoder: one tensor or several, by the names of the decoder's inputs. */
export type Embedding = Record<string, FloatTensor | HalfTensor>;

/**
 * A coordinate as a prompt encoder takes it, in model pixels. Labels: 0 background, 1 foreground, 2 and 3 the top-left and the
 * bottom-right corner of a box, -1 none (a click that only fills a place). Source: SAM, `SamOnnxModel._embed_points`.
 */
export interface Click {
  at: ModelPoint;
  label: number;
}

/**
 * One run of a decoder: logits of four masks `[4, 256, 256]` over the model's square, one after the other, and their predicted
 * IoU `[4]`. Mask 0 is the one answer to a prompt of more than one click, masks 1 to 3 are the candidates for a single point.
 * A flavour that has no mask of its own for 0 puts its best candidate there.
 */
export interface DecoderAnswer {
  logits: Float32Array;
  scores: Float32Array;
}

/** Runs the decoder on one image. `previousLogits` `[256, 256]` are of the run before, for flavours that take them. */
export type RunDecoder = (clicks: Click[], previousLogits?: Float32Array) => Promise<DecoderAnswer>;

/** Names of the flavours; find-flavour.ts has them. */
export type FlavourName = 'mobilesam' | 'sam' | 'edgesam' | 'efficientsam' | 'sam2';

/**
 * How one family of ONNX exports is run: the names and shapes of its inputs and outputs, its labels, and which of its masks
 * stand for what. All of them see a square of 1024 model pixels; how the image lies in it says `Preprocessing.fit`.
 */
export interface GraphFlavour {
  /** Encodes the image planes `[1, 3, height, width]`, which are normalised as the catalogue entry says. */
  encode(encoder: Session, planes: FloatTensor): Promise<Embedding>;
  /** Whether the decoder takes the logits of the run before. */
  takesLogits: boolean;
  /** Binds a decoder to the embedding of one image. */
  decoder(decoder: Session, embedding: Embedding): RunDecoder;
}
