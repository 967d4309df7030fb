import process from 'node:process';

type Onnxruntime = typeof import('onnxruntime-node');

/**
 * The inference library, loaded with its telemetry off, which otherwise writes a device id into the user's home folder. Nothing else
 * loads it.
 */
export async function loadOnnxruntime(): Promise<Onnxruntime> {
  process.env.ORT_DISABLE_TELEMETRY = '1';
  const ort = await import('onnxruntime-node');
  takeHalvesAsBits(ort);
  return ort;
}

/**
 * Where there is a Float16Array, as in Node 24, the library keeps 16-bit floats in it, which its native part takes to be empty ("not
 * enough space", onnxruntime-node 1.30; github.com/microsoft/onnxruntime/pull/32323). It looks once, when it makes its first tensor;
 * not finding one, it keeps their bits in a Uint16Array.
 */
function takeHalvesAsBits({ Tensor }: Onnxruntime): void {
  const { Float16Array } = globalThis as { Float16Array?: unknown };
  Object.assign(globalThis, { Float16Array: undefined });
  new Tensor('float32', [0], [1]);
  if (Float16Array === undefined) Reflect.deleteProperty(globalThis, 'Float16Array');
  else Object.assign(globalThis, { Float16Array });
}
