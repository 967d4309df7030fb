import type { RunDecoder } from '#prompting/decoder-run';
import type { FloatTensor, HalfTensor, Session } from '../open-session.ts';

/** Embedding of an image: one or several tensors, by the names of the decoder's inputs. */
export type Embedding = Record<string, FloatTensor | HalfTensor>;

/** Names of the flavours, which find-flavour.ts resolves. */
export type FlavourName = 'mobilesam' | 'sam' | 'edgesam' | 'efficientsam' | 'sam2';

/**
 * How one family of ONNX exports is run: the names and shapes of its inputs and outputs, its labels, and the meaning of
 * its masks. The input of every family is a square of 1024 model pixels; `Preprocessing.fit` says how the image is
 * placed in it.
 */
export interface GraphFlavour {
  /** Encodes the image planes `[1, 3, height, width]`, which are normalised as the catalogue entry says. */
  encode(encoder: Session, planes: FloatTensor): Promise<Embedding>;
  /** Whether the decoder takes the logits of the previous run. */
  takesLogits: boolean;
  /** Binds a decoder to the embedding of one image. */
  decoder(decoder: Session, embedding: Embedding): RunDecoder;
}
