/**
 * What the package offers to programs: segmenting images in their own process, the types of prompts and answers, and
 * the errors. The only file that exports what others define; nothing inside the package imports it.
 */
export { type ErrorCode, type ErrorOrigin, KonturError } from '#contract/errors';
export type { UncheckedPrompt as Prompt } from '#contract/vision/check-prompt';
export type { BoundingBox } from '#contract/vision/prompt';
export type { Polygon, Segment, Vertex } from '#contract/vision/segment-job';
export type { MaskPolygon } from '#geometry/mask-polygon';
export { createSegmenter } from './create-segmenter.ts';
export type { PhotoInput } from './locate-photo.ts';
export type { FormatOptions, Segmenter, SegmenterOptions, SegmentResult } from './segmenter.ts';
