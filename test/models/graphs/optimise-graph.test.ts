import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { MOBILE_SAM } from '../../../src/models/catalogue.ts';
import { createOnnxCodec } from '../../../src/models/graphs/onnx-graph.ts';
import { describeOptimiser, isOptimised, optimiseGraph } from '../../../src/models/graphs/optimise-graph.ts';
import { rebuildEncoder } from '../../../src/models/mobilesam/tinyvit/rebuild-encoder.ts';
import { openSession } from '../../../src/models/open-session.ts';
import { locateModelFile, readVerifiedModelFile } from '../../../src/models/verify-model-file.ts';
import { liveBufferBytes } from '../../../testing/live-buffers.ts';
import { floatsOf } from '../floats-of.ts';

const INPUT = { width: 640, height: 1024 };

describe('optimiseGraph', () => {
  it.each(['int8', 'fp32'] as const)('makes an encoder in %s that computes the same to the bit', async (precision) => {
    const file = await readVerifiedModelFile(MOBILE_SAM.encoder);
    const graph = rebuildEncoder(createOnnxCodec(), file, precision, INPUT);
    const optimised = await optimiseGraph(graph);
    expect([isOptimised(graph), isOptimised(optimised)]).toEqual([false, true]);

    const planes = Float32Array.from({ length: 3 * INPUT.width * INPUT.height }, (_, i) => 2 * Math.sin(i / 999));
    const [expected, actual] = await Promise.all(
      [graph, optimised].map(async (opened) => {
        const session = await openSession(opened, { threads: 2 });
        const { output } = await session.run({ input: { data: planes, dims: [1, 3, INPUT.height, INPUT.width] } });
        await session.release();
        return floatsOf(output!);
      }),
    );
    expect(Buffer.compare(Buffer.from(actual!.buffer), Buffer.from(expected!.buffer))).toBe(0);
    expect(new Set(actual).size).toBeGreaterThan(1000);
  });

  it('leaves the session its weights after the caller has dropped the file', async () => {
    const file = await readFile(locateModelFile(MOBILE_SAM.decoder));
    const open = async () => openSession(await optimiseGraph(file), { threads: 1 });
    const session = await open();
    const inputs = {
      image_embeddings: { data: new Float32Array(256 * 64 * 64).fill(0.1), dims: [1, 256, 64, 64] },
      point_coords: { data: Float32Array.of(300, 400, 0, 0), dims: [1, 2, 2] },
      point_labels: { data: Float32Array.of(1, -1), dims: [1, 2] },
      mask_input: { data: new Float32Array(256 * 256), dims: [1, 1, 256, 256] },
      has_mask_input: { data: Float32Array.of(0), dims: [1] },
      orig_im_size: { data: Float32Array.of(64, 64), dims: [2] },
    };
    const before = floatsOf((await session.run(inputs)).iou_predictions!);
    for (let i = 0; i < 20; i++) {
      liveBufferBytes();
      // What was collected is written over.
      Buffer.alloc(file.length, 0xff);
    }
    expect(floatsOf((await session.run(inputs)).iou_predictions!)).toEqual(before);
    await session.release();
  });
});

describe('describeOptimiser', () => {
  it('can be part of a file name, and is the same each time', async () => {
    expect(await describeOptimiser()).toMatch(/^ort\d+\.\d+\.\d+-[0-9a-f]{8}$/);
    expect(await describeOptimiser()).toBe(await describeOptimiser());
  });
});
