import type { Tensor, TensorConstructor } from 'onnxruntime-node';
import { KonturError } from '#contract/errors';
import { isOptimised } from './graphs/optimise-graph.ts';
import { loadOnnxruntime } from './load-onnxruntime.ts';

/** A float32 tensor: values in row-major order, and its shape. */
export interface FloatTensor {
  data: Float32Array;
  dims: readonly number[];
}

/** A float16 tensor: each value as its 16 bits. */
export interface HalfTensor {
  data: Uint16Array;
  dims: readonly number[];
}

/** An int64 tensor; some graphs take sizes as one. */
export interface IntegerTensor {
  data: BigInt64Array;
  dims: readonly number[];
}

/** A loaded graph. `run` blocks the thread while it computes, so sessions live in child processes. */
export interface Session {
  inputNames: readonly string[];
  outputNames: readonly string[];
  /** Inputs that are float16. */
  halfInputs: ReadonlySet<string>;
  /**
   * Runs the graph.
   *
   * @throws if an output is neither float32 nor float16
   */
  run(
    inputs: Record<string, FloatTensor | HalfTensor | IntegerTensor>,
  ): Promise<Record<string, FloatTensor | HalfTensor>>;
  /** Frees the memory of the session, which cannot run again. */
  release(): Promise<void>;
}

/** Options of a session. */
export interface SessionOptions {
  threads: number;
  /** Execution provider, by its name in onnxruntime: `cpu`, `cuda`, `webgpu`, … Default: `cpu`. */
  provider?: string;
  /** Microseconds for which a thread spins before it yields its core. Default: longer than most parts of a run take. */
  spinUs?: number;
}

/** Weights are used in the loaded file without a copy (docs/decisions/0012-keep-optimised-graphs.md). */
const USED_IN_PLACE = { use_ort_model_bytes_directly: '1', use_ort_model_bytes_for_initializers: '1' };

/**
 * Opens a graph: an ONNX file, or a result of `optimiseGraph`, which must not be changed until the session is released.
 *
 * @throws KonturError `unavailable` if this onnxruntime lacks the provider or cannot load it; it falls back to no other
 */
export async function openSession(
  graph: Uint8Array,
  { threads, provider = 'cpu', spinUs = 400 }: SessionOptions,
): Promise<Session> {
  const ort = await loadOnnxruntime();
  const available = ort.listSupportedBackends().map(({ name }) => name);
  if (!available.includes(provider)) {
    throw new KonturError(
      'unavailable',
      `KONTUR_PROVIDER is ${provider}, but the onnxruntime installed here has ${available.join(', ')}.`,
    );
  }
  const opened = ort.InferenceSession.create(graph, {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    // Saves much memory in the encoder and costs little time (docs/decisions/0007-operators-and-session-options.md).
    enableMemPattern: false,
    extra: {
      // Threads spin while they wait for the next part of a run, but not for the next run: they would take a core from
      // other work.
      session: {
        force_spinning_stop: '1',
        intra_op: { spin_duration_us: `${spinUs}` },
        ...(isOptimised(graph) && USED_IN_PLACE),
      },
      // Keeps the input of 1 x 1 convolutions in a core's first-level cache.
      mlas: { nchwc_pointwise_conv_max_input_channel_batch: '32' },
    },
  });
  const session = await opened.catch((cause: Error) => {
    if (provider === 'cpu') throw cause;
    throw new KonturError(
      'unavailable',
      `KONTUR_PROVIDER is ${provider}, which does not load on this machine: ${cause.message.slice(0, 300)} Install what it needs, or set it to another of ${available.join(', ')}.`,
      { cause },
    );
  });
  // A graph that is used without a copy must not be collected before its session.
  const held = { session, graph };
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    halfInputs: new Set(
      session.inputMetadata.flatMap((input) => (input.isTensor && input.type === 'float16' ? [input.name] : [])),
    ),
    release: () => held.session.release(),
    run: async (inputs) => {
      const feeds = Object.entries(inputs).map(([name, { data, dims }]) => [name, toTensor(ort.Tensor, data, dims)]);
      const outputs = await session.run(Object.fromEntries(feeds));
      return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, fromTensor(name, tensor)]));
    },
  };
}

function toTensor(
  Tensor: TensorConstructor,
  data: Float32Array | Uint16Array | BigInt64Array,
  dims: readonly number[],
): Tensor {
  if (data instanceof Float32Array) return new Tensor('float32', data, dims);
  return data instanceof Uint16Array ? new Tensor('float16', data, dims) : new Tensor('int64', data, dims);
}

function fromTensor(name: string, { type, data, dims }: Tensor): FloatTensor | HalfTensor {
  if (data instanceof Float32Array) return { data, dims };
  if (type !== 'float16') throw new TypeError(`The output ${name} of the graph is ${type}, not float32 or float16.`);
  // A Float16Array where the runtime has one.
  const { buffer, byteOffset, length } = data as Uint16Array;
  return { data: new Uint16Array(buffer, byteOffset, length), dims };
}
