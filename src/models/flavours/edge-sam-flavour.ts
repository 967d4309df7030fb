import { clickTensors } from '#prompting/sam-graph';
import { fillMasks } from './fill-masks.ts';
import type { GraphFlavour } from './graph-flavour.ts';
import { pickFloats, pickTensor } from './pick-tensor.ts';

/**
 * EdgeSAM's own export (github.com/chongzhou96/EdgeSAM, scripts/export_onnx_model.py, with utils/coreml.py): the
 * encoder takes `image` `[1, 3, 1024, 1024]`, normalised and padded outside the graph; the decoder takes clicks as
 * SAM's does, but no mask of a previous run, and answers `scores` `[1, 4]` and `masks` `[1, 4, 256, 256]`, of which 0
 * is meant for more than one click. The README exports with `--use-stability-score`, since the IoU that EdgeSAM
 * predicts was not trained; the scores are then that stability.
 *
 * Points without a box need a padding click after them, which the graph leaves to the caller
 * (modeling/prompt_encoder.py, `pad=(boxes is None)`).
 */
export const EDGE_SAM_FLAVOUR: GraphFlavour = {
  encode: async (encoder, planes) => {
    const outputs = await encoder.run({ image: planes });
    return { image_embeddings: pickTensor(outputs, ['image_embeddings']) };
  },
  takesLogits: false,
  decoder: (decoder, embedding) => async (clicks) => {
    const outputs = await decoder.run({ ...embedding, ...clickTensors(clicks) });
    return fillMasks(pickFloats(outputs, ['masks']), pickFloats(outputs, ['scores']));
  },
};
