import type { Prompt } from '#contract/vision/prompt';
import type { ModelFrame } from '#geometry/spaces';
import { type Candidate, decodePrompt } from '#prompting/decode-prompt';
import type { RunDecoder } from '#prompting/decoder-run';
import type { Model } from '../models/catalogue.ts';
import { findFlavour } from '../models/flavours/find-flavour.ts';
import { loadOnnxruntime } from '../models/load-onnxruntime.ts';
import { openSession } from '../models/open-session.ts';
import { prepareDecoder } from '../models/prepare-model.ts';
import type { EncodedImage } from './encoded-image.ts';
import { createEmbeddingReader, type HalfEmbedding } from './half-embedding.ts';
import { createRunMemory } from './run-memory.ts';

export interface DecoderStart {
  model: Model;
  threads: number;
  cacheDir: string;
  /** Execution provider of onnxruntime. */
  provider: string;
}

/** Logits of the last runs that are held, beside the embeddings: 32 runs of 1 MiB. */
const RUN_MEMORY_BYTES = 32 * 1024 * 1024;

/** Drops, then keeps, decodes or reads: what is not asked for is left out. */
export interface DecodeRequest {
  drop: string[];
  /** `from` says where the image is, in a server a file (encoded-image.ts). */
  keep?: { key: string; from: string };
  decode?: { key: string; prompt: Prompt };
  /** Key of an embedding that is asked for. */
  read?: string;
}

/** What was not asked for is missing, and so is what depends on an embedding that is not held or cannot be read. */
export interface DecodeAnswer {
  kept?: ModelFrame;
  candidates?: Candidate[];
  image?: EncodedImage;
}

/**
 * The decoder of a model, with the embeddings that it holds. One request at a time; it blocks the thread while it computes.
 * @param readImage finds the image to keep; undefined where it cannot be read
 */
export async function openDecoder(
  { model, threads, cacheDir, provider }: DecoderStart,
  readImage: (from: string) => EncodedImage | undefined,
): Promise<(request: DecodeRequest) => Promise<DecodeAnswer>> {
  // The library is loaded while the graph is read.
  const [graph] = await Promise.all([prepareDecoder(model, cacheDir, provider), loadOnnxruntime()]);
  const session = await openSession(graph, { threads, provider });
  const flavour = findFlavour(model.flavour);
  const readEmbedding = createEmbeddingReader(session.halfInputs);
  const runs = createRunMemory(RUN_MEMORY_BYTES);
  const held = new Map<string, EncodedImage>();
  /** The decoder of the last prompt, with its embedding as the graph takes it: prompts on one image come in a row. */
  let last: { key: string; run: RunDecoder } | undefined;

  function forget(key: string): void {
    held.delete(key);
    runs.forget(key);
    if (last?.key === key) last = undefined;
  }
  function decoderOf(key: string, halves: HalfEmbedding): RunDecoder {
    if (last?.key !== key) last = { key, run: flavour.decoder(session, readEmbedding(halves)) };
    return runs.remember(key, last.run);
  }

  function hold(key: string, from: string): ModelFrame | undefined {
    const image = readImage(from);
    if (image) held.set(key, image);
    return image?.frame;
  }

  return async ({ drop, keep, decode, read }) => {
    for (const key of drop) forget(key);
    if (keep) return { kept: hold(keep.key, keep.from) };
    if (read !== undefined) return { image: held.get(read) };
    const image = decode && held.get(decode.key);
    if (!image) return {};
    const run = decoderOf(decode.key, image.embedding);
    return { candidates: await decodePrompt(run, image.frame, decode.prompt, flavour) };
  };
}
