import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import { KonturError } from '#contract/errors';
import { assetPath } from '../runtime/package-path.ts';

type Onnxruntime = typeof import('onnxruntime-node');

const require = createRequire(import.meta.url);

/**
 * Loads the inference library with its telemetry off, which otherwise writes a device id into the user's home folder.
 * No other file loads it.
 *
 * @throws KonturError `unavailable` where the library has no build for this system and processor
 */
export async function loadOnnxruntime(): Promise<Onnxruntime> {
  process.env.ORT_DISABLE_TELEMETRY = '1';
  const ort = await openLibrary();
  takeHalvesAsBits(ort);
  return ort;
}

/** Version of the inference library. */
export const onnxruntimeVersion = (): string =>
  (require(assetPath('onnxruntime-node/package.json')) as { version: string }).version;

async function openLibrary(): Promise<Onnxruntime> {
  try {
    // Comes with Kontur, because the script that its own package runs when installed asks the internet for what is not
    // used here.
    return require(assetPath('onnxruntime-node/dist/index.js')) as Onnxruntime;
  } catch (cause) {
    const { message } = cause as Error;
    const [reason] = message.split('\n');
    const remedy = existsSync(assetPath('onnxruntime-node'))
      ? 'It is built for Linux with glibc and Windows on x64 and arm64, and for macOS on arm64.'
      : 'In a clone, npm run build puts it in place.';
    throw new KonturError(
      'unavailable',
      `The inference library does not load on this machine (${process.platform} ${process.arch}): ${reason}. ${remedy}`,
      { cause },
    );
  }
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
