import process from 'node:process';

/**
 * The inference library, loaded with its telemetry off, which otherwise writes a device id into the user's home folder. Nothing else
 * loads it.
 */
export async function loadOnnxruntime(): Promise<typeof import('onnxruntime-node')> {
  process.env.ORT_DISABLE_TELEMETRY = '1';
  return import('onnxruntime-node');
}
