import { defined } from '#contract/defined';
import { GRID_SIDE } from '#geometry/spaces';
import type { RunDecoder } from '#prompting/decoder-run';
import { clickTensors, DECODER_OUTPUTS, EMBEDDING_INPUT, logitTensors } from '#prompting/sam-graph';
import type { FloatTensor, Session } from '../open-session.ts';
import { fillMasks } from './fill-masks.ts';
import type { Embedding, GraphFlavour } from './graph-flavour.ts';
import { pickFloats, pickTensor } from './pick-tensor.ts';

/**
 * The exports of SAM and MobileSAM. The decoder is SAM's own export (github.com/facebookresearch/segment-anything,
 * scripts/export_onnx_model.py, `SamOnnxModel.forward`), cut by cut-decoder.ts where possible. The encoder has no
 * official export, so names differ: `x`, `input_image`, `images`; it is the graph's only input, `[1, 3, 1024, 1024]`,
 * normalised and padded outside the graph (github.com/vietanhdev/samexporter, export_encoder.py without
 * `--use-preprocess`; labelme).
 */
export const SAM_FLAVOUR: GraphFlavour = {
  encode: async (encoder, planes) => {
    const outputs = await encoder.run({ [defined(encoder.inputNames[0], 'input of the encoder')]: planes });
    return { [EMBEDDING_INPUT]: pickTensor(outputs, [defined(encoder.outputNames[0], 'output of the encoder')]) };
  },
  takesLogits: true,
  decoder: (decoder, embedding) => samDecoder(decoder, embedding),
};

function samDecoder(decoder: Session, embedding: Embedding): RunDecoder {
  /** A decoder that could not be cut also scales its mask to this size; that output is not used. */
  const size: Record<string, FloatTensor> = decoder.inputNames.includes('orig_im_size')
    ? { orig_im_size: SMALLEST_SIZE }
    : {};
  return async (clicks, previousLogits) => {
    const outputs = await decoder.run({
      ...embedding,
      ...clickTensors(clicks),
      ...logitTensors(previousLogits),
      ...size,
    });
    return fillMasks(
      pickFloats(outputs, [DECODER_OUTPUTS.logits, 'low_res_masks']),
      pickFloats(outputs, [DECODER_OUTPUTS.scores, 'iou_predictions']),
    );
  };
}

const SMALLEST_SIZE: FloatTensor = { data: Float32Array.of(GRID_SIDE, GRID_SIDE), dims: [2] };
