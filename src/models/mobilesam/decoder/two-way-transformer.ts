import type { GraphBuilder, Value } from '../../graphs/graph-builder.ts';
import { add, layerNorm, relu, slice } from '../../graphs/graph-operations.ts';
import type { ShippedWeights } from '../shipped-weights.ts';
import { attendFromImage, attendToImage, attendTokens } from './attention.ts';
import { linear } from './linear.ts';

/** Tokens of the prompt and tokens of the image, `[n, channels]` each. */
export interface Seen {
  tokens: Value;
  image: Value;
}

const LAYERS = ['transformer/layers.0', 'transformer/layers.1'];

/**
 * SAM's `TwoWayTransformer`: tokens of the prompt attend to the image and the image to them, twice; then the first
 * `answerTokens` tokens, from which the masks and scores are read, attend to the image once more and are returned.
 * Wherever positions matter they are added again: to the tokens their initial values, to the image `positions`.
 */
export function twoWayTransformer(
  graph: GraphBuilder,
  { tokens: prompt, image: unseen, positions, answerTokens }: Seen & { positions: Value; answerTokens: number },
  weights: ShippedWeights,
): Seen {
  let tokens = prompt;
  let image = unseen;
  let placedImage = add(graph, image, positions);
  const normalise = (x: Value, norm: string) => layerNorm(graph, x, weights.layerNorm(norm));
  const lookAtImage = (layer: string, looking: Value, atFirst: Value) => {
    const attended = { queries: add(graph, looking, atFirst), keys: placedImage, values: image };
    return add(graph, looking, attendToImage(graph, attended, layer, weights));
  };

  for (const [index, layer] of LAYERS.entries()) {
    const isFirst = index === 0;
    const placed = isFirst ? tokens : add(graph, tokens, prompt);
    const among = { queries: placed, keys: placed, values: tokens };
    const attended = attendTokens(graph, among, `${layer}/self_attn`, weights);
    tokens = normalise(isFirst ? attended : add(graph, tokens, attended), `${layer}/norm1`);

    tokens = normalise(lookAtImage(`${layer}/cross_attn_token_to_image`, tokens, prompt), `${layer}/norm2`);

    const widened = relu(graph, linear(graph, tokens, weights.linear(`${layer}/mlp/lin1`)));
    tokens = normalise(
      add(graph, tokens, linear(graph, widened, weights.linear(`${layer}/mlp/lin2`))),
      `${layer}/norm3`,
    );

    const back = { queries: placedImage, keys: add(graph, tokens, prompt), values: tokens, plus: image };
    image = normalise(attendFromImage(graph, back, `${layer}/cross_attn_image_to_token`, weights), `${layer}/norm4`);
    placedImage = add(graph, image, positions);
  }
  const answering = (all: Value) => slice(graph, all, 0, [0, answerTokens]);
  const looked = lookAtImage('transformer/final_attn_token_to_image', answering(tokens), answering(prompt));
  tokens = normalise(looked, 'transformer/norm_final_attn');
  return { tokens, image };
}
