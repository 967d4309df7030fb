import type { UncheckedPrompt } from '#contract/vision/check-prompt';
import type { Prompt } from '#contract/vision/prompt';
import type { Segment } from '#contract/vision/segment-job';
import type { MaskPolygon } from '#geometry/mask-polygon';
import type { ImageSize } from '#geometry/spaces';
import type { PrecisionSetting } from '../models/choose-precision.ts';

export interface SegmenterOptions {
  /** Folder that keeps the prepared graphs, which saves a second at each start. Default: prepared anew in a temporary folder. */
  cacheDir?: string;
  /** Threads that encode an image; a prompt is decoded by half as many. Default: one for each core that this process may use. */
  threads?: number;
  /** Larger images are refused before they are decoded. Default: 100 million pixels. */
  maxPixels?: number;
  /** Memory for embeddings, so that the next prompt on a known image takes milliseconds. Default: 256 MB, about 120 images. */
  embeddingCacheMb?: number;
  /** What the image encoder computes in. Default: `auto`, `int8` on processors known to be faster with it, else `fp32`. */
  precision?: PrecisionSetting;
  /** Photos that are not square are encoded without most of their padding, which takes less time. Default: true. */
  aspectBuckets?: boolean;
  /** What is small in a large photo is looked at more closely: in a part of it, at its own resolution. Default: true. */
  detailWindows?: boolean;
  /** Model by its name in `kontur models list`. Default: `mobilesam`, which comes with the package. */
  model?: string;
  /**
   * Folder that `kontur models pull` put it into. Default: `models` in the folder that the system gives a program for its data,
   * such as `~/.local/share/kontur/models`, whatever the working folder is.
   */
  modelsDir?: string;
  /** Execution provider of onnxruntime. Default: `cpu`. */
  provider?: string;
}

/** `image` is a JPEG or PNG: its bytes, or the path of a file. */
export interface Segmenter {
  /**
   * Cuts out what the prompt marks. Coordinates are fractions 0..1 of the upright image, from its top-left corner. One point
   * gives up to three segments, best first, a box or several points at most one.
   *
   * @throws KonturError with `origin` `request` for the prompt, `image` for the image, `fault` or `outage` for the engine; the
   *   signal's reason when aborted
   */
  segment(
    image: Uint8Array | ArrayBuffer | string,
    prompt: UncheckedPrompt,
    signal?: AbortSignal,
  ): Promise<SegmentResult>;
  /**
   * Writes what `segment` found in one of the formats that docs/outputs.md lists: text, or for pictures the bytes of a PNG.
   * @param name of the format, such as `coco`, `geojson` or `cutout`
   * @throws KonturError `invalid-request` where the format, an option or a photo that it needs is wrong or missing;
   *   `segment-not-found`; `image-…` for the photo
   */
  format(result: SegmentResult, name: string, options?: FormatOptions): Promise<string | Uint8Array>;
  /** Ends the engine's processes and removes temporary files. */
  close(): Promise<void>;
}

/** How a result is written. */
export interface FormatOptions {
  /** Which segment, from 0, the best, in formats of one. Default: 0. */
  segment?: number;
  /** Path of the photo, for formats that show it or name it. */
  photo?: string;
  /** Options of the format by name, such as `{ encoding: 'rle' }`. */
  options?: Record<string, string | number | undefined>;
}

/** What a prompt cuts out of an image, whose upright size in pixels this has too. */
export interface SegmentResult extends ImageSize {
  /** The prompt with its defaults filled in. */
  prompt: Prompt;
  /** `polygons` as the API answers them, in unit coordinates with holes seamed in; `parts` in pixels, with real holes. */
  segments: (Segment & { parts: MaskPolygon[] })[];
}
