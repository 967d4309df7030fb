import type * as library from '../dist/segment/library.js' with { 'resolution-mode': 'import' };

export declare const createSegmenter: typeof library.createSegmenter;
export declare const KonturError: typeof library.KonturError;
export type KonturError = library.KonturError;
export type {
  BoundingBox,
  ErrorCode,
  ErrorOrigin,
  FormatOptions,
  MaskPolygon,
  PhotoInput,
  Polygon,
  Prompt,
  Segment,
  Segmenter,
  SegmenterOptions,
  SegmentResult,
  Vertex,
} from '../dist/segment/library.js' with { 'resolution-mode': 'import' };
