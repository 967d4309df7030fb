import type { FloatTensor } from '../open-session.ts';

/**
 * The tensor that goes by the first of the given names that there is: exports of one model differ in names, not in what they
 * compute. Throws where none of them is there, with the names that are.
 */
export function pickTensor(tensors: Record<string, FloatTensor>, names: readonly string[]): FloatTensor {
  const found = names.find((name) => tensors[name]);
  if (found) return tensors[found]!;
  throw new Error(
    `The graph has no output ${names.join(' or ')}, only ${Object.keys(tensors).join(', ')}: it is not an export that this version knows (docs/models.md).`,
  );
}
