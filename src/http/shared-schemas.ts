import type { TSchema } from 'typebox';
import { COGNITE_FILE_SCHEMAS } from '../contract/cognite-file.ts';
import { DownloadLinksSchema } from '../contract/download-links.ts';
import { ErrorEnvelopeSchema } from '../contract/error-envelope.ts';
import {
  DownloadLinkRequestSchema,
  FileAggregateRequestSchema,
  FileCreatedSchema,
  FileCreateSchema,
  FileListRequestSchema,
  FilePageSchema,
  FileReferenceSchema,
  FileReferencesSchema,
  FileSchema,
  FileSearchRequestSchema,
} from '../contract/file.ts';
import { InstanceIdSchema, ResolvedFileSchema, SegmentFileReferenceSchema } from '../contract/file-reference.ts';
import { FileChangesSchema, FileUpdateRequestSchema } from '../contract/file-update.ts';
import {
  CompleteMultipartUploadSchema,
  FilePartsSchema,
  MultipartUploadSchema,
  UploadLinkRequestSchema,
  UploadLinkSchema,
} from '../contract/file-upload.ts';
import { INSTANCE_SCHEMAS } from '../contract/instances.ts';
import { CocoDocumentSchema, PreviewSchema, previewRequestSchema, SegmentJobPageSchema } from '../contract/outputs.ts';
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
import { SPACE_SCHEMAS } from '../contract/spaces.ts';

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
    SegmentJobPageSchema,
    CocoDocumentSchema,
    previewRequestSchema(maxPoints),
    PreviewSchema,
    FileReferenceSchema,
    FileReferencesSchema,
    FileCreateSchema,
    FileSchema,
    FileCreatedSchema,
    FilePageSchema,
    FileListRequestSchema,
    DownloadLinkRequestSchema,
    DownloadLinksSchema,
    FileSearchRequestSchema,
    FileAggregateRequestSchema,
    FileChangesSchema,
    FileUpdateRequestSchema,
    UploadLinkRequestSchema,
    UploadLinkSchema,
    FilePartsSchema,
    MultipartUploadSchema,
    CompleteMultipartUploadSchema,
    ...SPACE_SCHEMAS,
    ...COGNITE_FILE_SCHEMAS,
    ...INSTANCE_SCHEMAS,
  ];
}
