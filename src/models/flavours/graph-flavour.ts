import type { RunDecoder } from '#prompting/decoder-run';
import type { FloatTensor, HalfTensor, Session } from '../open-session.ts';

/** What an encoder leaves of an image for the decoder: one tensor or several, by the names of the decoder's inputs. */
export type Embedding = Record<string, FloatTensor | HalfTensor>;

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
