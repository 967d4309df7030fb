import { clickTensors, logitTensors } from '#prompting/sam-graph';
import { fillMasks } from './fill-masks.ts';
import type { GraphFlavour } from './graph-flavour.ts';
import { pickFloats, pickTensor } from './pick-tensor.ts';

const NO_CLICK = -1;

/** Tensors of an image's embedding in SAM 2: `[1, 256, 64, 64]`, `[1, 32, 256, 256]`, `[1, 64, 128, 128]`. */
const FEATURES = ['image_embed', 'high_res_feats_0', 'high_res_feats_1'] as const;

/**
 * SAM 2 and 2.1 for single images, as exported by samexporter (github.com/vietanhdev/samexporter, export_sam2.py,
 * sam2_onnx.py): the image is stretched to the square and normalised outside the graph. The decoder takes clicks and
 * the mask of the previous run as SAM's does, adds the padding click itself, and answers three candidates `[1, 3, 256,
 * 256]` as `masks` with `iou_predictions` `[1, 3]`. Exports whose `masks` are scaled up to the image have the
 * candidates as `low_res_masks` (github.com/andriiryzhkov/darktable-ai, mask-object-sam21-small).
 */
export const SAM2_FLAVOUR: GraphFlavour = {
  encode: async (encoder, planes) => {
    const outputs = await encoder.run({ image: planes });
    return Object.fromEntries(FEATURES.map((name) => [name, pickTensor(outputs, [name])]));
  },
  takesLogits: true,
  decoder: (decoder, embedding) => async (clicks, previousLogits) => {
    const outputs = await decoder.run({
      ...embedding,
      ...clickTensors(clicks.filter(({ label }) => label !== NO_CLICK)),
      ...logitTensors(previousLogits),
    });
    return fillMasks(pickFloats(outputs, ['low_res_masks', 'masks']), pickFloats(outputs, ['iou_predictions']));
  },
};
