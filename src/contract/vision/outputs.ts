import { type Static, Type } from 'typebox';
import { FileIdSchema } from '../files/file-reference.ts';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../limits.ts';
import type { UncheckedPrompt } from './check-prompt.ts';
import { promptProperties } from './prompt.ts';
import { JOB_STATUSES, SegmentJobSchema } from './segment-job.ts';

const Size = Type.Integer({ minimum: 1 });

/** Query of `GET …/kontur/segment`. */
export const JobListQuerySchema = Type.Object({
  status: Type.Optional(Type.Enum([...JOB_STATUSES])),
  fileId: Type.Optional(FileIdSchema),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_PAGE_SIZE, default: DEFAULT_PAGE_SIZE })),
  cursor: Type.Optional(Type.String({ maxLength: 100 })),
});

const { items: _, ...jobProperties } = SegmentJobSchema.properties;

/** A page of jobs, newest first, each as in `GET …/vision/segment/{jobId}` but without the polygons. */
export const SegmentJobPageSchema = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        ...jobProperties,
        items: Type.Array(
          Type.Object({
            fileId: FileIdSchema,
            fileExternalId: Type.Optional(Type.String()),
            segments: Type.Array(Type.Object({ score: Type.Number({ minimum: 0, maximum: 1 }) })),
          }),
        ),
      }),
    ),
    nextCursor: Type.Optional(Type.String()),
  },
  { $id: 'SegmentJobPage' },
);

/** Body of `POST …/kontur/preview`. */
export const previewRequestSchema = (maxPoints: number) =>
  Type.Object(
    { fileId: FileIdSchema, ...promptProperties({ maxItems: maxPoints }) },
    { $id: 'PreviewRequest', anyOf: [{ required: ['points'] }, { required: ['boundingBox'] }] },
  );
/** Body of `POST …/kontur/preview`. */
export interface PreviewRequest extends UncheckedPrompt {
  fileId: number;
}

/**
 * Answer to `POST …/kontur/preview`: the segments that a job would find, with the size of the upright image in pixels.
 */
export const PreviewSchema = Type.Object(
  { fileId: FileIdSchema, imageWidth: Size, imageHeight: Size, segments: Type.Array(Type.Ref('Segment')) },
  { $id: 'Preview' },
);

/** Query of `GET` of a file's thumbnail. */
export const ThumbnailQuerySchema = Type.Object({
  width: Type.Optional(
    Type.Integer({ minimum: 16, maximum: 1024, default: 256, description: 'Most pixels across; never enlarged.' }),
  ),
});
export type ThumbnailQuery = Required<Static<typeof ThumbnailQuerySchema>>;
