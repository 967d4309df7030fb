import { CELL_SIDE, GRID_SIDE } from '#geometry/spaces';
import type { Click } from '#prompting/decoder-run';
import type { IntegerTensor } from '../open-session.ts';
import { fillMasks } from './fill-masks.ts';
import type { GraphFlavour } from './graph-flavour.ts';
import { pickFloats, pickTensor } from './pick-tensor.ts';

/**
 * EfficientSAM's own export (github.com/yformer/EfficientSAM, export_to_onnx.py, onnx_models.py). The encoder takes
 * `batched_images` `[1, 3, height, width]` of 0..1, stretches them to the square and normalises them itself. The
 * decoder takes `batched_point_coords` `[1, 1, n, 2]` in pixels of `orig_im_size` (int64, height and width), which it
 * scales to the square, and answers three candidates at that size: `output_masks` `[1, 1, 3, height, width]`,
 * `iou_predictions` `[1, 1, 3]`.
 *
 * It is given an image size of 256 x 256, the size of its grid of logits, so that nothing is scaled.
 */
export const EFFICIENT_SAM_FLAVOUR: GraphFlavour = {
  encode: async (encoder, planes) => {
    const outputs = await encoder.run({ batched_images: planes });
    return { image_embeddings: pickTensor(outputs, ['image_embeddings']) };
  },
  takesLogits: false,
  decoder: (decoder, embedding) => async (clicks) => {
    const known = knownClicks(clicks);
    const outputs = await decoder.run({
      ...embedding,
      batched_point_coords: {
        data: Float32Array.from(known.flatMap(({ at }) => [at.x / CELL_SIDE, at.y / CELL_SIDE])),
        dims: [1, 1, known.length, 2],
      },
      batched_point_labels: { data: Float32Array.from(known, ({ label }) => label), dims: [1, 1, known.length] },
      orig_im_size: GRID_SIZE,
    });
    return fillMasks(pickFloats(outputs, ['output_masks']), pickFloats(outputs, ['iou_predictions']));
  },
};

const GRID_SIZE: IntegerTensor = { data: BigInt64Array.of(BigInt(GRID_SIDE), BigInt(GRID_SIDE)), dims: [2] };

/** Clicks that the graph uses; it drops those beyond (efficient_sam.py, `decoder_max_num_input_points`). */
const MOST_CLICKS = 6;
const FOREGROUND = 1;
const CORNERS = [2, 3];

/**
 * The clicks that EfficientSAM supports: the corners of a box, and the first foreground points. It has no embedding for
 * background points (efficient_sam_decoder.py, `PromptEncoder`), and adds padding clicks itself.
 */
function knownClicks(clicks: Click[]): Click[] {
  const corners = clicks.filter(({ label }) => CORNERS.includes(label));
  const points = clicks.filter(({ label }) => label === FOREGROUND);
  return [...corners, ...points].slice(0, MOST_CLICKS);
}
