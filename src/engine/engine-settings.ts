import type { Model } from '../models/catalogue.ts';
import type { PrecisionSetting } from '../models/choose-precision.ts';

/** Settings of an engine. Constant for its life, and passed as a whole to each of its processes. */
export interface EngineSettings {
  model: Model;
  /** Folder of prepared graphs; made if missing, safe to delete. */
  cacheDir: string;
  /** Threads of the encoder. A decoder in a separate process has half as many. */
  threads: number;
  /** Images with more pixels are refused before any pixel is decoded. */
  maxPixels: number;
  /** Precision of the encoder; `auto` is the faster one on this machine. */
  precision: PrecisionSetting;
  /** Execution provider of onnxruntime for both graphs. */
  provider: string;
  /** Whether images that are not square are encoded without most of their padding, if the model supports it. */
  aspectBuckets: boolean;
}
