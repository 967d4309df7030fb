import type { Prompt } from '../contract/prompt.ts';
import type { ModelFrame } from '../geometry/spaces.ts';
import type { Model } from '../models/catalogue.ts';
import { findFlavour } from '../models/flavours/find-flavour.ts';
import type { RunDecoder } from '../models/flavours/graph-flavour.ts';
import { openSession } from '../models/open-session.ts';
import { prepareDecoder } from '../models/prepare-model.ts';
import { type Candidate, decodePrompt } from './decode-prompt.ts';
import { createEmbeddingReader, type HalfEmbedding } from './half-embedding.ts';
import { createRunMemory } from './run-memory.ts';
import { serveRequests } from './serve-requests.ts';

export interface DecoderStart {
  model: Model;
  threads: number;
  cacheDir: string;
  /** Execution provider of onnxruntime. */
  provider: string;
}

/** Logits of the last runs that are held, beside the embeddings: 32 runs of 1 MiB. */
const RUN_MEMORY_BYTES = 32 * 1024 * 1024;

/** Drops, then keeps, then decodes or reads: what is not asked for is left out. */
export interface DecodeRequest {
  drop: string[];
  keep?: { key: string; embedding: HalfEmbedding };
  /** `embedding` is for this prompt alone, where none is held under the key. */
  decode?: { key: string; embedding?: HalfEmbedding; frame: ModelFrame; prompt: Prompt };
  /** Key of an embedding that is asked for. */
  read?: string;
}

/** What was not asked for is missing, and so is what depends on an embedding that is not held. */
export interface DecodeAnswer {
  candidates?: Candidate[];
  embedding?: HalfEmbedding;
}

serveRequests(async ({ model, threads, cacheDir, provider }: DecoderStart) => {
  const session = await openSession(await prepareDecoder(model, cacheDir), { threads, provider });
  const flavour = findFlavour(model.flavour);
  const widen = createEmbeddingReader();
  const runs = createRunMemory(RUN_MEMORY_BYTES);
  const held = new Map<string, HalfEmbedding>();
  /** The decoder of the last prompt, with its embedding as the graph takes it: prompts on one image come in a row. */
  let last: { key: string; run: RunDecoder } | undefined;

  function forget(key: string): void {
    held.delete(key);
    runs.forget(key);
    if (last?.key === key) last = undefined;
  }
  function decoderOf(key: string, halves: HalfEmbedding): RunDecoder {
    if (last?.key !== key) last = { key, run: flavour.decoder(session, widen(halves)) };
    return runs.remember(key, last.run);
  }

  return async ({ drop, keep, decode, read }: DecodeRequest): Promise<DecodeAnswer> => {
    for (const key of drop) forget(key);
    if (keep) held.set(keep.key, keep.embedding);
    if (read !== undefined) return { embedding: held.get(read) };
    const halves = decode && (held.get(decode.key) ?? decode.embedding);
    if (!halves) return {};
    return { candidates: await decodePrompt(decoderOf(decode.key, halves), decode.frame, decode.prompt) };
  };
});
