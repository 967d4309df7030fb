import { type Static, Type } from 'typebox';
import { FileExternalIdSchema, FileIdSchema } from '../files/file-reference.ts';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, MIN_VERTICES } from '../limits.ts';
import type { UncheckedPrompt } from './check-prompt.ts';
import { promptProperties } from './prompt.ts';
import { anyPromptOrMask, maskProperty } from './prompt-mask.ts';
import { JOB_STATUSES, type Segment, SegmentJobSchema, SegmentSchema, type Vertex } from './segment-job.ts';

const size = (of: string) => Type.Integer({ minimum: 1, description: `${of} of the upright image in pixels.` });

/** Query of `GET …/kontur/segment`. */
export const JobListQuerySchema = Type.Object({
  status: Type.Optional(Type.Enum([...JOB_STATUSES], { description: 'Jobs of this stage alone.' })),
  fileId: Type.Optional(FileIdSchema),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_PAGE_SIZE,
      default: DEFAULT_PAGE_SIZE,
      description: 'Most items of the answer.',
    }),
  ),
  cursor: Type.Optional(Type.String({ maxLength: 100, description: 'nextCursor of the page before.' })),
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
            fileExternalId: Type.Optional(FileExternalIdSchema),
            segments: Type.Array(
              Type.Object({
                score: Type.Number({ minimum: 0, maximum: 1, description: 'How good the model takes it to be.' }),
              }),
              { description: 'What the prompt marks, best first, without the polygons.' },
            ),
          }),
          { description: 'The result; empty unless the job is Completed.' },
        ),
      }),
      { description: 'The jobs of this page, newest first.' },
    ),
    nextCursor: Type.Optional(Type.String({ description: 'Asks for the next page; absent on the last.' })),
  },
  { $id: 'SegmentJobPage' },
);

/** Body of `POST …/kontur/preview`. */
export const previewRequestSchema = (maxPoints: number) =>
  Type.Object(
    { fileId: FileIdSchema, ...promptProperties({ maxItems: maxPoints }), ...maskProperty },
    { $id: 'PreviewRequest', anyOf: anyPromptOrMask },
  );
/** Body of `POST …/kontur/preview`. */
export interface PreviewRequest extends UncheckedPrompt {
  fileId: number;
}

/** Body of `POST …/kontur/segment`: that of `POST …/context/vision/segment`, and a mask. */
export const maskedSegmentRequestSchema = (maxPoints: number) =>
  Type.Object(
    {
      items: Type.Array(Type.Ref('SegmentFileReference'), { minItems: 1, maxItems: 1, description: 'The one image.' }),
      ...promptProperties({ maxItems: maxPoints }),
      ...maskProperty,
    },
    { $id: 'MaskedSegmentRequest', anyOf: anyPromptOrMask },
  );

/** Query of `POST …/kontur/preview`. */
export const PreviewQuerySchema = Type.Object({
  rings: Type.Optional(
    Type.Boolean({ default: false, description: 'Give each segment its rings too: outlines with real holes.' }),
  ),
});
/** Query of `POST …/kontur/preview`, with its defaults. */
export type PreviewQuery = Required<Static<typeof PreviewQuerySchema>>;

/** A segment as a job answers it and, where asked for, its rings. */
export const PreviewedSegmentSchema = Type.Object(
  {
    ...SegmentSchema.properties,
    rings: Type.Optional(
      Type.Array(
        Type.Array(
          Type.Array(Type.Ref('Vertex'), {
            minItems: MIN_VERTICES,
            description: 'Corners in order; the last joins the first.',
          }),
          { minItems: 1, description: 'The rings of one polygon: its outline, then its holes.' },
        ),
        { description: 'For each polygon, in the same order, the rings that it is made of, without seams.' },
      ),
    ),
  },
  { $id: 'PreviewedSegment' },
);
/** A segment as a job answers it, with `rings` for each polygon: its outline, then its holes, in unit coordinates. */
export interface PreviewedSegment extends Segment {
  rings?: Vertex[][][];
}

/**
 * Answer to `POST …/kontur/preview`: the segments that a job would find, with the size of the upright image in pixels.
 */
export const PreviewSchema = Type.Object(
  {
    fileId: FileIdSchema,
    imageWidth: size('Width'),
    imageHeight: size('Height'),
    segments: Type.Array(Type.Ref('PreviewedSegment'), { description: 'What the prompt marks, best first.' }),
  },
  { $id: 'Preview' },
);

/** Query of `GET` of a file's embedding. */
export const EmbeddingQuerySchema = Type.Object({
  window: Type.Optional(
    Type.String({
      pattern: '^\\d{1,6}(,\\d{1,6}){3}$',
      description:
        'Part of the upright image that is encoded instead, in pixels: left, top, width and height, with commas between them. One that the rules for large photos choose.',
    }),
  ),
});
/** Query of the embedding of an image. */
export type EmbeddingQuery = Static<typeof EmbeddingQuerySchema>;

/** Query of `GET` of a file's thumbnail. */
export const ThumbnailQuerySchema = Type.Object({
  width: Type.Optional(
    Type.Integer({ minimum: 16, maximum: 2048, default: 256, description: 'Most pixels across; never enlarged.' }),
  ),
});
/** Query of the thumbnail of a photo, with its defaults. */
export type ThumbnailQuery = Required<Static<typeof ThumbnailQuerySchema>>;
