import type { Tensor } from 'onnxruntime-node';
import { KonturError } from '../contract/error-codes.ts';

/** A float32 tensor: values in row-major order, and its shape. */
export interface FloatTensor {
  data: Float32Array;
  dims: readonly number[];
}

/** An int64 tensor, which some graphs take sizes as. */
export interface IntegerTensor {
  data: BigInt64Array;
  dims: readonly number[];
}

/** A loaded graph. `run` blocks the thread for as long as it computes, so sessions live in child processes. */
export interface Session {
  inputNames: readonly string[];
  outputNames: readonly string[];
  run(inputs: Record<string, FloatTensor | IntegerTensor>): Promise<Record<string, FloatTensor>>;
  /** Frees its memory. It cannot be run any more. */
  release(): Promise<void>;
}

export interface SessionOptions {
  threads: number;
  /** Execution provider, by its name in onnxruntime: `cpu`, `cuda`, `webgpu`, … Default: `cpu`. */
  provider?: string;
}

/**
 * Opens an ONNX graph. The only file that knows onnxruntime.
 * Its telemetry is switched off before its library loads, which otherwise writes a device id into the user's home folder.
 * Throws `unavailable` where the provider is not part of this onnxruntime or does not load; another one is never tried.
 */
export async function openSession(graph: Uint8Array, { threads, provider = 'cpu' }: SessionOptions): Promise<Session> {
  process.env.ORT_DISABLE_TELEMETRY = '1';
  const ort = await import('onnxruntime-node');
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
    // Saves 200 MB in the encoder for 0 to 6 % of its time.
    enableMemPattern: false,
    // Threads wait in a loop for the next part of a run, but no longer than most parts take, and not for the next run: they would
    // keep a core from everybody else.
    extra: { session: { force_spinning_stop: '1', intra_op: { spin_duration_us: '400' } } },
  });
  const session = await opened.catch((cause: Error) => {
    if (provider === 'cpu') throw cause;
    throw new KonturError(
      'unavailable',
      `KONTUR_PROVIDER is ${provider}, which does not load on this machine: ${cause.message.slice(0, 300)} Install what it needs, or set it to another of ${available.join(', ')}.`,
      { cause },
    );
  });
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    release: () => session.release(),
    run: async (inputs) => {
      const feeds = Object.entries(inputs).map(([name, { data, dims }]) => [
        name,
        data instanceof Float32Array ? new ort.Tensor('float32', data, dims) : new ort.Tensor('int64', data, dims),
      ]);
      const outputs = await session.run(Object.fromEntries(feeds));
      return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, asFloats(name, tensor)]));
    },
  };
}

function asFloats(name: string, { data, dims }: Tensor): FloatTensor {
  if (!(data instanceof Float32Array)) throw new TypeError(`The output ${name} of the graph is not float32.`);
  return { data, dims };
}
