import { describe, expect, it } from 'vitest';
import { createGraphBuilder } from '../../../src/models/graphs/graph-builder.ts';
import {
  add,
  appendZeroRow,
  concat,
  convolve,
  gather,
  loadKernel,
  reshape,
  splitRows,
} from '../../../src/models/graphs/graph-operations.ts';
import { createOnnxCodec } from '../../../src/models/graphs/onnx-graph.ts';
import { openSession } from '../../../src/models/open-session.ts';

describe('createGraphBuilder', () => {
  it('builds graphs that run', async () => {
    const graph = createGraphBuilder();
    const x = graph.input('x', [2, 3]);
    const order = graph.constant([4], Int32Array.of(2, 1, 0, 1));
    const moved = gather(graph, appendZeroRow(graph, x), order, 0);
    const sum = add(graph, moved, graph.constant([1, 3], Float32Array.of(10, 20, 30)));
    const [top, bottom] = splitRows(graph, sum, 2);
    const model = graph.finish({ y: reshape(graph, concat(graph, [bottom!, top!], 0), [3, 4]) });

    const session = await openSession(createOnnxCodec().encode(model), { threads: 1 });
    const { y } = await session.run({ x: { data: Float32Array.of(1, 2, 3, 4, 5, 6), dims: [2, 3] } });
    expect(y!.dims).toEqual([3, 4]);
    expect([...y!.data]).toEqual([11, 22, 33, 14, 25, 36, 10, 20, 30, 14, 25, 36]);
  });

  it('chooses what is computed by a value', async () => {
    const graph = createGraphBuilder();
    const x = graph.input('x', [2]);
    const flag = graph.input('flag', [1]);
    const constant = (value: number) => graph.constant([1], Float32Array.of(value));
    const more = add(graph, x, constant(1));
    const chosen = graph.choose(flag, {
      whenSet: () => add(graph, add(graph, more, constant(10)), constant(20)),
      otherwise: () => add(graph, more, constant(5)),
    });
    const model = graph.finish({ chosen: add(graph, chosen, constant(100)), more });

    const session = await openSession(createOnnxCodec().encode(model), { threads: 1 });
    const run = (value: number) =>
      session.run({ x: { data: Float32Array.of(1, 2), dims: [2] }, flag: { data: Float32Array.of(value), dims: [1] } });
    const [set, unset] = [await run(1), await run(0)];
    expect([...set.chosen!.data]).toEqual([132, 133]);
    expect([...unset.chosen!.data]).toEqual([107, 108]);
    expect([...unset.more!.data]).toEqual([2, 3]);
  });

  it('refuses shapes that do not fit', () => {
    const graph = createGraphBuilder();
    const x = graph.input('x', [1, 4, 6, 6]);
    const rows = graph.input('rows', [6, 2]);
    const kernel = { outputs: 1, inputsPerGroup: 3, side: 1, weight: new Float32Array(3) };
    expect(() => graph.constant([2, 2], new Float32Array(3))).toThrow('3 values do not fill the shape [2,2]');
    expect(() => reshape(graph, rows, [5, 2])).toThrow('[6,2] cannot be reshaped to [5,2]');
    expect(() => add(graph, rows, graph.input('y', [6, 3]))).toThrow('[6,3] cannot be added to [6,2]');
    expect(() => convolve(graph, x, loadKernel(graph, kernel))).toThrow('A kernel of 3 channels cannot take 4');
    const choice = { whenSet: () => add(graph, rows, rows), otherwise: () => add(graph, x, x) };
    expect(() => graph.choose(graph.input('flag', [1]), choice)).toThrow('[6,2] cannot stand for [1,4,6,6]');
    expect(() => splitRows(graph, rows, 4)).toThrow('6 rows cannot be split into 4 parts');
  });
});
