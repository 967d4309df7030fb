import type { ModelFrame } from '#geometry/spaces';
import { canUseBuckets, chooseInputSize, type InputSize, MOST_COMMON, SQUARE } from '../models/aspect-buckets.ts';
import type { Precision } from '../models/choose-precision.ts';
import { loadOnnxruntime } from '../models/load-onnxruntime.ts';
import { openSession, type Session } from '../models/open-session.ts';
import { prepareEncoder } from '../models/prepare-model.ts';
import type { EngineSettings } from './engine-settings.ts';

/** Sessions of the model's encoder for images of any aspect ratio. */
export interface EncoderSessions {
  /**
   * Prepares the most common size.
   *
   * @throws the error that keeps the encoder from running
   */
  prepare(): Promise<void>;
  /** Size of the input that an image is encoded in. */
  sizeFor(frame: ModelFrame): InputSize;
  /** Opens the session for this input size; it is closed when another size is opened. One call at a time. */
  open(size: InputSize): Promise<Session>;
}

/**
 * How long a thread spins for others, in microseconds. An encode has hundreds of steps, and one core is often lent to a
 * prompt meanwhile: a longer wait is better spent by others.
 */
const SPIN_US = 100;

/**
 * Creates the sessions, of which one is open at a time: the memory of a second one is not worth the time to open
 * another size (docs/decisions/0011-one-encoder-graph-at-a-time.md).
 */
export function createEncoderSessions(settings: EngineSettings, precision: Precision): EncoderSessions {
  const { model, cacheDir, threads, provider } = settings;
  const hasBuckets = settings.aspectBuckets && canUseBuckets(model, provider);
  const graphFor = (size: InputSize) => prepareEncoder(model, cacheDir, { precision, provider, input: size });
  let mostCommon: Buffer | undefined;
  let current: { size: InputSize; session: Session } | undefined;

  async function open(size: InputSize): Promise<Session> {
    if (current && isSame(current.size, size)) return current.session;
    // The library is loaded while the graph is read.
    const [graph] = await Promise.all([(isSame(size, MOST_COMMON) && mostCommon) || graphFor(size), loadOnnxruntime()]);
    mostCommon = undefined;
    const last = current;
    current = undefined;
    await last?.session.release();
    const session = await openSession(graph, { threads, provider, spinUs: SPIN_US });
    current = { size, session };
    return session;
  }

  return {
    // The first image decides which bucket is needed first; that graph is prepared then, unless it is this one.
    prepare: async () => {
      if (hasBuckets) mostCommon = await graphFor(MOST_COMMON);
      else await open(SQUARE);
    },
    sizeFor: (frame) => (hasBuckets ? chooseInputSize(frame) : SQUARE),
    open,
  };
}

const isSame = (a: InputSize, b: InputSize) => a.width === b.width && a.height === b.height;
