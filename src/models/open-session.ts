import type { Tensor } from 'onnxruntime-node';

/** A float32 tensor: values in row-major order, and its shape. */
export interface FloatTensor {
  data: Float32Array;
  dims: readonly number[];
}

/** A loaded graph. `run` blocks the thread for as long as it computes, so sessions live in child processes. */
export interface Session {
  run(inputs: Record<string, FloatTensor>): Promise<Record<string, FloatTensor>>;
}

/**
 * Opens an ONNX graph on the CPU. The only file that knows onnxruntime.
 * Its telemetry is switched off before its library loads, which otherwise writes a device id into the user's home folder.
 */
export async function openSession(graph: Uint8Array, { threads }: { threads: number }): Promise<Session> {
  process.env.ORT_DISABLE_TELEMETRY = '1';
  const ort = await import('onnxruntime-node');
  const session = await ort.InferenceSession.create(graph, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    // Saves 200 MB in the encoder for 0 to 6 % of its time.
    enableMemPattern: false,
  });
  return {
    run: async (inputs) => {
      const feeds = Object.entries(inputs).map(([name, { data, dims }]) => [
        name,
        new ort.Tensor('float32', data, dims),
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
