import { describe, expect, it } from 'vitest';
import { HEAD_SIZE, splitQkv } from '../../../../src/models/mobilesam/tinyvit/split-qkv.ts';
import { pseudoRandom } from '../../decoder-inputs.ts';

const HEADS = 2;
const INPUTS = 3;
const OUTPUTS = 3 * HEADS * HEAD_SIZE;

/** `x W + b`, one row. */
function linear(x: Float32Array, weight: Float32Array, bias: Float32Array): number[] {
  return [...bias].map((b, column) =>
    x.reduce((sum, value, row) => sum + value * weight[row * bias.length + column]!, b),
  );
}

describe('splitQkv', () => {
  it('gives queries, keys and values of the whole layer, by head, with scale and shift folded in', () => {
    const qkv = {
      inputs: INPUTS,
      outputs: OUTPUTS,
      weight: pseudoRandom(INPUTS * OUTPUTS),
      bias: pseudoRandom(OUTPUTS, 2),
    };
    const norm = { scale: pseudoRandom(INPUTS, 3), shift: pseudoRandom(INPUTS, 4), epsilon: 1e-5 };
    const x = pseudoRandom(INPUTS, 5);
    const scaled = x.map((value, i) => value * norm.scale[i]! + norm.shift[i]!);
    const whole = linear(scaled, qkv.weight, qkv.bias);

    splitQkv(qkv, norm).forEach((part, which) => {
      const values = linear(x, part.weight, part.bias!);
      const expected = [0, 1].flatMap((head) =>
        whole.slice((head * 3 + which) * HEAD_SIZE, (head * 3 + which + 1) * HEAD_SIZE),
      );
      expect(values).toHaveLength(HEADS * HEAD_SIZE);
      for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[i]!, 5);
    });
  });
});
