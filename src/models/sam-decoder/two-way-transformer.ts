import type { GraphBuilder, Value } from '../graph-builder.ts';
import { add, layerNorm, relu, slice } from '../graph-operations.ts';
import type { ShippedWeights } from '../shipped-weights.ts';
import { attendFromImage, attendToImage, attendTokens } from './attention.ts';
import { linear } from './linear.ts';
import { ANSWER_TOKENS } from './masks.ts';

/** Tokens of the prompt and of the image, `[n, channels]` each. */
export interface Seen {
  tokens: Value;
  image: Value;
}

const LAYERS = ['transformer/layers.0', 'transformer/layers.1'];

/**
 * Lets tokens of the prompt look at the image and the image at them, twice, and the tokens that the answer is read from once more: only
 * those are put out. Wherever places matter, each gets its own added again: of the tokens what they were at first, of the image
 * `positions` (SAM, `TwoWayTransformer`).
 */
export function twoWayTransformer(
  graph: GraphBuilder,
  { tokens: prompt, image: atFirst, positions }: Seen & { positions: Value },
  weights: ShippedWeights,
): Seen {
  let tokens = prompt;
  let image = atFirst;
  let placedImage = add(graph, image, positions);
  const normalise = (x: Value, norm: string) => layerNorm(graph, x, weights.layerNorm(norm));
  const lookAtImage = (layer: string, which: (all: Value) => Value = (all) => all) => {
    const queries = which(add(graph, tokens, prompt));
    return add(
      graph,
      which(tokens),
      attendToImage(graph, { queries, keys: placedImage, values: image }, layer, weights),
    );
  };

  for (const [index, layer] of LAYERS.entries()) {
    const isFirst = index === 0;
    const placed = isFirst ? tokens : add(graph, tokens, prompt);
    const among = { queries: placed, keys: placed, values: tokens };
    const attended = attendTokens(graph, among, `${layer}/self_attn`, weights);
    tokens = normalise(isFirst ? attended : add(graph, tokens, attended), `${layer}/norm1`);

    tokens = normalise(lookAtImage(`${layer}/cross_attn_token_to_image`), `${layer}/norm2`);

    const widened = relu(graph, linear(graph, tokens, weights.linear(`${layer}/mlp/lin1`)));
    tokens = normalise(
      add(graph, tokens, linear(graph, widened, weights.linear(`${layer}/mlp/lin2`))),
      `${layer}/norm3`,
    );

    const back = { queries: placedImage, keys: add(graph, tokens, prompt), values: tokens, plus: image };
    image = normalise(attendFromImage(graph, back, `${layer}/cross_attn_image_to_token`, weights), `${layer}/norm4`);
    placedImage = add(graph, image, positions);
  }
  const last = lookAtImage('transformer/final_attn_token_to_image', (all) => slice(graph, all, 0, [0, ANSWER_TOKENS]));
  tokens = normalise(last, 'transformer/norm_final_attn');
  return { tokens, image };
}
