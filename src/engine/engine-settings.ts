import type { Model } from '../models/catalogue.ts';
import type { PrecisionSetting } from '../models/choose-precision.ts';

/** What an engine is built from. Fixed for its life, and handed whole to each of its processes. */
export interface EngineSettings {
  model: Model;
  /** Folder of prepared graphs; made if missing, safe to delete. */
  cacheDir: string;
  /** Threads of the encoder. A decoder in a process of its own has half as many. */
  threads: number;
  /** Images with more pixels are refused before any pixel is decoded. */
  maxPixels: number;
  /** What the encoder computes in; `auto` is the faster on this machine. */
  precision: PrecisionSetting;
  /** Execution provider of onnxruntime for both graphs. */
  provider: string;
  /** Whether images that are not square are encoded without most of their padding, where the model can. */
  aspectBuckets: boolean;
}
