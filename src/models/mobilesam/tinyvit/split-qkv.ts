import type { Norm } from '../../graphs/graph-operations.ts';
import type { Linear } from '../shipped-weights.ts';

/** Channels of an attention head, the same in all of TinyViT. */
export const HEAD_SIZE = 32;

/**
 * Splits the layer that computes queries, keys and values at once into one layer for each, and folds the scale and
 * shift of the normalisation before it into their weights: `(x * scale + shift) W + b = x (scale W) + (shift W + b)`.
 *
 * The shipped columns go by head, and within a head query, key and value follow each other; here each layer's go by
 * head.
 */
export function splitQkv(qkv: Linear, { scale, shift }: Norm): [Linear, Linear, Linear] {
  const channels = qkv.outputs / 3;
  const part = (which: number): Linear => {
    const weight = new Float32Array(qkv.inputs * channels);
    const bias = new Float32Array(channels);
    for (let column = 0; column < channels; column++) {
      const head = Math.floor(column / HEAD_SIZE);
      const from = (head * 3 + which) * HEAD_SIZE + (column % HEAD_SIZE);
      let sum = qkv.bias![from]!;
      for (let row = 0; row < qkv.inputs; row++) {
        const shipped = qkv.weight[row * qkv.outputs + from]!;
        weight[row * channels + column] = scale[row]! * shipped;
        sum += shift[row]! * shipped;
      }
      bias[column] = sum;
    }
    return { inputs: qkv.inputs, outputs: channels, weight, bias };
  };
  return [part(0), part(1), part(2)];
}
