import type { ModelFrame } from '#geometry/spaces';
import type { Candidate } from '#prompting/candidate';
import { decodePrompt } from '#prompting/decode-prompt';
import type { DecoderPrompt } from '#prompting/decoder-prompt';
import type { RunDecoder } from '#prompting/decoder-run';
import { findFlavour } from '../models/flavours/find-flavour.ts';
import { loadOnnxruntime } from '../models/load-onnxruntime.ts';
import { openSession } from '../models/open-session.ts';
import { type PortableDecoder, prepareDecoder, preparePortableDecoder } from '../models/prepare-model.ts';
import type { Handlers } from '../processes/calls.ts';
import type { EncodedImage } from './encoded-image.ts';
import type { EngineSettings } from './engine-settings.ts';
import { createEmbeddingReader, type HalfEmbedding } from './half-embedding.ts';
import { createRunMemory } from './run-memory.ts';
import { type Steps, workInSteps } from './work-in-steps.ts';

/** Logits of the last runs that are held, in addition to the embeddings: 32 runs of 1 MiB. */
const RUN_MEMORY_BYTES = 32 * 1024 * 1024;

/** What a decoder can be asked. Keys name the embeddings that it holds. */
export interface DecoderCalls {
  /**
   * Holds an embedding from now on. `from` says where it is, in a server a file (encoded-image.ts). The answer is how
   * its image lies in the model's square; undefined where it cannot be read.
   */
  keep: { request: { key: string; from: string }; answer: ModelFrame | undefined };
  /** Drops embeddings. */
  drop: { request: { keys: string[] }; answer: undefined };
  /**
   * Answers a prompt; undefined where no embedding of that key is held. `id` names the prompt in what is asked about it
   * later.
   */
  decode: { request: { id: number; key: string; prompt: DecoderPrompt }; answer: DecodeAnswer };
  /** Goes on with a prompt that is under way; undefined where it is not known here. */
  goOn: { request: { id: number }; answer: DecodeAnswer };
  /** Drops a prompt that may be under way. */
  giveUp: { request: { id: number }; answer: undefined };
  /** The graph as a file for browsers; undefined where the model's decoder is not rebuilt (models/prepare-model.ts). */
  exportGraph: { request: undefined; answer: PortableDecoder | undefined };
  /** The embedding itself; undefined where none of that key is held. */
  read: { request: { key: string }; answer: EncodedImage | undefined };
}

/** The candidates, unless the prompt takes more runs of the graph than the one that was made for this call. */
export type DecodeAnswer = Candidate[] | 'under way' | undefined;

/**
 * Opens the decoder of a model, with the embeddings that it holds. One call at a time; it blocks the thread while it
 * computes.
 *
 * @param readImage finds the image to keep; undefined where it cannot be read
 */
export async function openDecoder(
  { model, threads, cacheDir, provider }: EngineSettings,
  readImage: (from: string) => EncodedImage | undefined,
): Promise<Handlers<DecoderCalls>> {
  // The library is loaded while the graph is read.
  const [graph] = await Promise.all([prepareDecoder(model, cacheDir, provider), loadOnnxruntime()]);
  const session = await openSession(graph, { threads, provider });
  const flavour = findFlavour(model.flavour);
  const readEmbedding = createEmbeddingReader(session.halfInputs);
  const runs = createRunMemory(RUN_MEMORY_BYTES);
  const held = new Map<string, EncodedImage>();
  const underWay = new Map<number, Steps<Candidate[]>>();
  /** The decoder of the last prompt, with its embedding as the graph takes it: prompts on one image come in a row. */
  let last: { key: string; run: RunDecoder } | undefined;

  function forget(key: string): void {
    held.delete(key);
    runs.forget(key);
    if (last?.key === key) last = undefined;
  }
  function decoderOf(key: string, halves: HalfEmbedding): RunDecoder {
    if (last?.key !== key) last = { key, run: flavour.decoder(session, readEmbedding(halves)) };
    return last.run;
  }
  /** A prompt that stops before each run of the graph but the first. */
  function decodeSteps(key: string, { embedding, frame }: EncodedImage, prompt: DecoderPrompt): Steps<Candidate[]> {
    const run = decoderOf(key, embedding);
    let isFirst = true;
    return workInSteps((stop) => {
      const runInTurn: RunDecoder = async (clicks, previousLogits) => {
        if (!isFirst) await stop();
        isFirst = false;
        return run(clicks, previousLogits);
      };
      return decodePrompt(runs.remember(key, runInTurn), frame, prompt, flavour);
    });
  }
  async function goOn(id: number, steps: Steps<Candidate[]>): Promise<DecodeAnswer> {
    underWay.delete(id);
    const end = await steps.next();
    if (end) return end.result;
    underWay.set(id, steps);
    return 'under way';
  }

  return {
    keep({ key, from }) {
      const image = readImage(from);
      if (image) held.set(key, image);
      return image?.frame;
    },
    drop({ keys }) {
      for (const key of keys) forget(key);
    },
    decode({ id, key, prompt }) {
      const image = held.get(key);
      return image && goOn(id, decodeSteps(key, image, prompt));
    },
    goOn({ id }) {
      const steps = underWay.get(id);
      return steps && goOn(id, steps);
    },
    giveUp({ id }) {
      underWay.delete(id);
    },
    exportGraph: () => preparePortableDecoder(model, cacheDir),
    read: ({ key }) => held.get(key),
  };
}
