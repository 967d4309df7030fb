import moduleUrl from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import * as ort from 'onnxruntime-web/wasm';
import { GRID_SIDE } from '#geometry/spaces';
import type { RunDecoder } from '#prompting/decoder-run';
import { clickTensors, DECODER_OUTPUTS, EMBEDDING_INPUT, logitTensors } from '#prompting/sam-graph';
import { DecoderFailure } from './decoder-failure.ts';
import type { DecoderFile } from './decoder-messages.ts';
import { fetchGraph } from './fetch-graph.ts';

/** Binds the decoder to an embedding `[1, 256, 64, 64]`, whose values are the bits of half precision. */
export type BindDecoder = (embedding: Uint16Array) => RunDecoder;

const EMBEDDING_SHAPE = [1, 256, 64, 64];
const MASKS = 4;

/**
 * Loads the graph of a decoder into this thread, which it blocks while it runs.
 *
 * @param threads more than one only where the page is isolated
 * @throws DecoderFailure
 */
export async function loadDecoder(file: DecoderFile, { threads }: { threads: number }): Promise<BindDecoder> {
  ort.env.wasm.wasmPaths = { wasm: wasmUrl, mjs: moduleUrl };
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = 'error';
  const session = await openSession(await fetchGraph(file));
  return (embedding) => {
    const bound = new ort.Tensor('float16', embedding, EMBEDDING_SHAPE);
    return async (clicks, previousLogits) => {
      const inputs = { ...clickTensors(clicks), ...logitTensors(previousLogits) };
      const tensors = Object.entries(inputs).map(([name, { data, dims }]) => [name, new ort.Tensor(data, dims)]);
      const outputs = await session.run({ [EMBEDDING_INPUT]: bound, ...Object.fromEntries(tensors) });
      return {
        logits: valuesOf(outputs, DECODER_OUTPUTS.logits, MASKS * GRID_SIDE ** 2),
        scores: valuesOf(outputs, DECODER_OUTPUTS.scores, MASKS),
      };
    };
  };
}

async function openSession(graph: ArrayBuffer): Promise<ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(graph, { executionProviders: ['wasm'], graphOptimizationLevel: 'all' });
  } catch (cause) {
    const { message } = cause as Error;
    const isMemory = cause instanceof RangeError || /memory|allocat/i.test(message);
    throw new DecoderFailure(isMemory ? 'no-memory' : 'broken', message, { cause });
  }
}

function valuesOf(outputs: ort.InferenceSession.OnnxValueMapType, name: string, length: number): Float32Array {
  const data = outputs[name]?.data;
  if (data instanceof Float32Array && data.length === length) return data;
  throw new DecoderFailure('other-model', `The decoder has no output ${name} of ${length} values.`);
}
