import type { UncheckedPrompt } from '#contract/vision/check-prompt';
import type { Prompt } from '#contract/vision/prompt';
import type { Segment } from '#contract/vision/segment-job';
import type { MaskPolygon } from '#geometry/mask-polygon';
import type { ImageSize } from '#geometry/spaces';
import type { PrecisionSetting } from '../models/choose-precision.ts';
import type { PhotoInput } from './locate-photo.ts';

/** Options of a segmenter, all of them with a default. */
export interface SegmenterOptions {
  /**
   * Folder that keeps the prepared graphs, which saves a second at each start. Default: the folder that the system
   * gives a program for its cache, such as `~/.cache/kontur`, or a temporary one where that cannot be written.
   */
  cacheDir?: string;
  /**
   * Threads that encode an image; a prompt is decoded by half as many. Default: one per core that this process may use.
   */
  threads?: number;
  /** Larger images are refused before they are decoded. Default: 110 million pixels. */
  maxPixels?: number;
  /**
   * Memory for embeddings in MB, so that the next prompt on a known image takes milliseconds. Default: 256, about 120
   * images.
   */
  embeddingCacheMb?: number;
  /**
   * Precision of the image encoder. Default: `auto`, which is `int8` on processors known to be faster with it, else
   * `fp32`.
   */
  precision?: PrecisionSetting;
  /** Encode photos that are not square without most of their padding, which takes less time. Default: true. */
  aspectBuckets?: boolean;
  /** Segment small objects in large photos in a window, at its full resolution. Default: true. */
  detailWindows?: boolean;
  /** Model by its name in `kontur models list`. Default: `mobilesam`, which comes with the package. */
  model?: string;
  /**
   * Folder that `kontur models pull` has put the model into. Default: `models` in the system's folder for program data,
   * such as `~/.local/share/kontur/models`, independent of the working folder.
   */
  modelsDir?: string;
  /** Execution provider of onnxruntime. Default: `cpu`. */
  provider?: string;
}

/** Segments images. `image` is a JPEG or PNG: its bytes, the path of a file, or a `file:` URL. */
export interface Segmenter {
  /**
   * Cuts out what the prompt marks. Coordinates are fractions 0..1 of the upright image, from its top-left corner. One
   * point gives up to three segments, best first; a box or several points give at most one.
   *
   * @throws KonturError with `origin` `request` for the prompt, `image` for the image, `fault` or `outage` for the
   *   engine; the signal's reason when aborted
   */
  segment(image: PhotoInput, prompt: UncheckedPrompt, signal?: AbortSignal): Promise<SegmentResult>;
  /**
   * Writes the result of `segment` in one of the formats of docs/outputs.md: text, or the bytes of a PNG for pictures.
   *
   * @param name of the format, such as `coco`, `geojson` or `cutout`
   * @throws KonturError `invalid-request` if the format, an option or a required photo is wrong or missing;
   *   `segment-not-found`; `image-…` for the photo
   */
  format(result: SegmentResult, name: string, options?: FormatOptions): Promise<string | Uint8Array>;
  /** Ends the engine's processes and deletes temporary files. */
  close(): Promise<void>;
}

/** How a result is written. */
export interface FormatOptions {
  /** Index of the segment to write in formats of one segment; 0 is the best. Default: 0. */
  segment?: number;
  /** Path or `file:` URL of the photo, for formats that show it or name it. */
  photo?: string | URL;
  /** Options of the format by name, such as `{ encoding: 'rle' }`. */
  options?: Record<string, string | number | undefined>;
}

/** The segments that a prompt gives, and the size of the upright image in pixels. */
export interface SegmentResult extends ImageSize {
  /** The prompt with its defaults filled in. */
  prompt: Prompt;
  /**
   * `polygons` as the API answers them, in fractions 0..1 of the upright image with holes as seams; `parts` in its
   * pixels, with real holes.
   */
  segments: (Segment & { parts: MaskPolygon[] })[];
}
