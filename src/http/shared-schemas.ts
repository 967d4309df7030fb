import type { TSchema } from 'typebox';
import { DownloadLinksSchema } from '../contract/download-links.ts';
import { ErrorEnvelopeSchema } from '../contract/error-envelope.ts';
import {
  DownloadLinkRequestSchema,
  FileCreatedSchema,
  FileCreateSchema,
  FileListRequestSchema,
  FilePageSchema,
  FileReferenceSchema,
  FileReferencesSchema,
  FileSchema,
} from '../contract/file.ts';
import { InstanceIdSchema, ResolvedFileSchema, SegmentFileReferenceSchema } from '../contract/file-reference.ts';
import { BoundingBoxSchema, PointSchema } from '../contract/prompt.ts';
import {
  FailedBatchSchema,
  PolygonSchema,
  SegmentItemSchema,
  SegmentJobCreatedSchema,
  SegmentJobSchema,
  SegmentSchema,
  segmentRequestSchema,
  VertexSchema,
} from '../contract/segment-job.ts';

/** Every schema that has a name, so that others may refer to it: in validation and in the description of the API. */
export function sharedSchemas(maxPoints: number): TSchema[] {
  return [
    ErrorEnvelopeSchema,
    InstanceIdSchema,
    SegmentFileReferenceSchema,
    ResolvedFileSchema,
    PointSchema,
    BoundingBoxSchema,
    VertexSchema,
    PolygonSchema,
    SegmentSchema,
    SegmentItemSchema,
    FailedBatchSchema,
    segmentRequestSchema(maxPoints),
    SegmentJobCreatedSchema,
    SegmentJobSchema,
    FileReferenceSchema,
    FileReferencesSchema,
    FileCreateSchema,
    FileSchema,
    FileCreatedSchema,
    FilePageSchema,
    FileListRequestSchema,
    DownloadLinkRequestSchema,
    DownloadLinksSchema,
  ];
}
