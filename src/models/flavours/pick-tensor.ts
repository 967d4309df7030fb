import type { FloatTensor, HalfTensor } from '../open-session.ts';

/**
 * Picks the tensor under the first of the given names that exists: exports of one model differ in names, not in what
 * they compute.
 *
 * @throws if none of the names exists; the message lists those that do
 */
export function pickTensor<Picked extends FloatTensor | HalfTensor>(
  tensors: Record<string, Picked>,
  names: readonly string[],
): Picked {
  for (const name of names) {
    const tensor = tensors[name];
    if (tensor) return tensor;
  }
  throw new Error(
    `The graph has no output ${names.join(' or ')}, only ${Object.keys(tensors).join(', ')}: it is not an export that this version knows (docs/models.md).`,
  );
}

/**
 * Picks a float32 tensor under the first of the given names that exists.
 *
 * @throws if none of the names exists, or the tensor is not float32
 */
export function pickFloats(tensors: Record<string, FloatTensor | HalfTensor>, names: readonly string[]): FloatTensor {
  const { data, dims } = pickTensor(tensors, names);
  if (data instanceof Float32Array) return { data, dims };
  throw new Error(`The output ${names.join(' or ')} of the graph is not float32 (docs/models.md).`);
}
