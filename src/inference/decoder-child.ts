import type { Prompt } from '../contract/prompt.ts';
import { GRID_SIDE, type ModelFrame } from '../geometry/spaces.ts';
import { EMBEDDING_SHAPE, type Model } from '../models/catalogue.ts';
import { DECODER_OUTPUTS } from '../models/cut-decoder.ts';
import { openSession, type Session } from '../models/open-session.ts';
import { prepareDecoder } from '../models/prepare-model.ts';
import { type Candidate, decodePrompt, type RunDecoder } from './decode-prompt.ts';
import { createHalfFloatReader } from './half-float.ts';
import { serveRequests } from './serve-requests.ts';

export interface DecoderStart {
  model: Model;
  threads: number;
  cacheDir: string;
}

/** Drops, then keeps embeddings (fp16), then decodes: what is not asked for is left out. */
export interface DecodeRequest {
  key: string;
  drop: string[];
  embedding?: Uint16Array;
  decode?: { frame: ModelFrame; prompt: Prompt };
}

/** `candidates` is missing where nothing was to be decoded, or where the embedding is not held. */
export interface DecodeAnswer {
  candidates?: Candidate[];
}

serveRequests(async ({ model, threads, cacheDir }: DecoderStart) => {
  const session = await openSession(await prepareDecoder(model, cacheDir), { threads });
  const widen = createHalfFloatReader();
  const held = new Map<string, Uint16Array>();
  /** The embedding of the last prompt as the graph takes it: prompts on one image come in a row. */
  let last: { key: string; values: Float32Array } | undefined;

  return async ({ key, drop, embedding, decode }: DecodeRequest): Promise<DecodeAnswer> => {
    for (const dropped of drop) held.delete(dropped);
    if (embedding) held.set(key, embedding);
    const halves = held.get(key);
    if (!decode || !halves) return {};
    if (last?.key !== key) last = { key, values: widen(halves) };
    return { candidates: await decodePrompt(decoderOf(session, last.values), decode.frame, decode.prompt) };
  };
});

/** Binds a session to an embedding. Input names and shapes: SAM, `SamOnnxModel.forward`. */
function decoderOf(session: Session, embedding: Float32Array): RunDecoder {
  const noMask = new Float32Array(GRID_SIDE * GRID_SIDE);
  return async (clicks, previousLogits) => {
    const outputs = await session.run({
      image_embeddings: { data: embedding, dims: EMBEDDING_SHAPE },
      point_coords: {
        data: Float32Array.from(clicks.flatMap(({ at }) => [at.x, at.y])),
        dims: [1, clicks.length, 2],
      },
      point_labels: { data: Float32Array.from(clicks, ({ label }) => label), dims: [1, clicks.length] },
      mask_input: { data: previousLogits ?? noMask, dims: [1, 1, GRID_SIDE, GRID_SIDE] },
      has_mask_input: { data: Float32Array.of(previousLogits ? 1 : 0), dims: [1] },
    });
    return { logits: outputs[DECODER_OUTPUTS.logits]!.data, scores: outputs[DECODER_OUTPUTS.scores]!.data };
  };
}
