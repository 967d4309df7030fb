import type { TSchema } from 'typebox';
import { ANNOTATION_SCHEMAS } from '#contract/annotations/annotation';
import { ANNOTATION_PARTS } from '#contract/annotations/annotation-data';
import { NAMED_ANNOTATION_SCHEMAS } from '#contract/annotations/named-annotation';
import { INSTANCE_SCHEMAS } from '#contract/data-modelling/instances';
import { SPACE_SCHEMAS } from '#contract/data-modelling/spaces';
import { DATA_SET_SCHEMAS } from '#contract/data-sets/data-set';
import { ErrorEnvelopeSchema } from '#contract/error-envelope';
import { COGNITE_FILE_SCHEMAS } from '#contract/files/cognite-file';
import { DownloadLinksSchema } from '#contract/files/download-links';
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
} from '#contract/files/file';
import { InstanceIdSchema, ResolvedFileSchema, SegmentFileReferenceSchema } from '#contract/files/file-reference';
import { FileChangesSchema, FileUpdateRequestSchema } from '#contract/files/file-update';
import {
  CompleteMultipartUploadSchema,
  FilePartsSchema,
  MultipartUploadSchema,
  UploadLinkRequestSchema,
  UploadLinkSchema,
} from '#contract/files/file-upload';
import { LABEL_SCHEMAS } from '#contract/labels/label';
import { CurrentModelSchema } from '#contract/vision/current-model';
import {
  maskedSegmentRequestSchema,
  PreviewedSegmentSchema,
  PreviewSchema,
  previewRequestSchema,
  SegmentJobPageSchema,
} from '#contract/vision/outputs';
import { BoundingBoxSchema, PointSchema } from '#contract/vision/prompt';
import { PromptMaskSchema } from '#contract/vision/prompt-mask';
import {
  FailedBatchSchema,
  PolygonSchema,
  SegmentItemSchema,
  SegmentJobCreatedSchema,
  SegmentJobSchema,
  SegmentSchema,
  segmentRequestSchema,
  VertexSchema,
} from '#contract/vision/segment-job';
import { OUTPUT_FORMATS } from '#outputs/output-formats';

/** Every named schema, for references between schemas: in validation and in the description of the API. */
export function sharedSchemas(maxPoints: number): TSchema[] {
  return [
    ErrorEnvelopeSchema,
    InstanceIdSchema,
    SegmentFileReferenceSchema,
    ResolvedFileSchema,
    PointSchema,
    BoundingBoxSchema,
    PromptMaskSchema,
    VertexSchema,
    PolygonSchema,
    SegmentSchema,
    SegmentItemSchema,
    FailedBatchSchema,
    segmentRequestSchema(maxPoints),
    SegmentJobCreatedSchema,
    SegmentJobSchema,
    SegmentJobPageSchema,
    ...OUTPUT_FORMATS.map(({ schema }) => schema).filter(({ $id }) => $id !== undefined),
    previewRequestSchema(maxPoints),
    maskedSegmentRequestSchema(maxPoints),
    PreviewedSegmentSchema,
    PreviewSchema,
    CurrentModelSchema,
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
    ...NAMED_ANNOTATION_SCHEMAS,
    ...SPACE_SCHEMAS,
    ...COGNITE_FILE_SCHEMAS,
    ...INSTANCE_SCHEMAS,
    ...ANNOTATION_PARTS,
    ...ANNOTATION_SCHEMAS,
    ...DATA_SET_SCHEMAS,
    ...LABEL_SCHEMAS,
  ];
}
