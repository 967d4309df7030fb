import process from 'node:process';

type Onnxruntime = typeof import('onnxruntime-node');

/**
 * Loads the inference library with its telemetry off, which otherwise writes a device id into the user's home folder.
 * No other file loads it.
 */
export async function loadOnnxruntime(): Promise<Onnxruntime> {
  process.env.ORT_DISABLE_TELEMETRY = '1';
  const ort = await import('onnxruntime-node');
  takeHalvesAsBits(ort);
  return ort;
}

/**
 * Where the runtime has a Float16Array, as in Node 24, the library stores 16-bit floats in it, which its native part
 * reads as empty ("not enough space", onnxruntime-node 1.30; github.com/microsoft/onnxruntime/pull/32323). It checks
 * once, when it makes its first tensor; without a Float16Array it stores their bits in a Uint16Array.
 */
function takeHalvesAsBits({ Tensor }: Onnxruntime): void {
  const { Float16Array } = globalThis as { Float16Array?: unknown };
  Object.assign(globalThis, { Float16Array: undefined });
  new Tensor('float32', [0], [1]);
  if (Float16Array === undefined) Reflect.deleteProperty(globalThis, 'Float16Array');
  else Object.assign(globalThis, { Float16Array });
}
