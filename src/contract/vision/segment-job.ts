import { type Static, Type } from 'typebox';
import { FileExternalIdSchema, FileIdSchema, type SegmentFileReference } from '../files/file-reference.ts';
import { MAX_ID, MAX_VERTICES, MIN_VERTICES } from '../limits.ts';
import type { UncheckedPrompt } from './check-prompt.ts';
import { promptProperties } from './prompt.ts';

/** Stages of a job; only Completed and Failed end polling (docs/contract.md#segment-stages). */
export const JOB_STATUSES = ['Queued', 'Running', 'Completed', 'Failed'] as const;
/** State of a job; Completed and Failed are final. */
export type JobStatus = (typeof JOB_STATUSES)[number];

/** Time in milliseconds since 1970-01-01 UTC. */
export const EpochMsSchema = Type.Integer({ minimum: 0, description: 'Milliseconds since 1970-01-01 UTC.' });
/** Numeric id of a job. */
export const JobIdSchema = Type.Integer({ minimum: 1, maximum: MAX_ID, description: 'Numeric id of a job.' });

const Confidence = Type.Optional(
  Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], { description: 'Not given by this server.' }),
);
const anyPrompt = { anyOf: [{ required: ['points'] }, { required: ['boundingBox'] }] };

/** Corner of a polygon. Unit coordinates of the upright image. */
export const VertexSchema = Type.Object(
  {
    x: Type.Number({ minimum: 0, maximum: 1, description: 'Fraction of the image width, from the left.' }),
    y: Type.Number({ minimum: 0, maximum: 1, description: 'Fraction of the image height, from the top.' }),
    confidence: Confidence,
  },
  { $id: 'Vertex', additionalProperties: false },
);
/** A corner of a polygon, in fractions of the upright image. */
export type Vertex = Static<typeof VertexSchema>;

/** Closed outline: the last vertex joins the first, which is not repeated. */
export const PolygonSchema = Type.Object(
  {
    vertices: Type.Array(Type.Ref('Vertex'), {
      minItems: MIN_VERTICES,
      maxItems: MAX_VERTICES,
      description: 'Corners in order; the last joins the first.',
    }),
    confidence: Confidence,
  },
  { $id: 'Polygon', additionalProperties: false },
);
/** Closed outline: the last vertex joins the first, which is not repeated. */
export interface Polygon {
  vertices: Vertex[];
  confidence?: number | null;
}

/** One scored mask; each detached part of it is a polygon, holes are cut in by a zero-width seam. */
export const SegmentSchema = Type.Object(
  {
    score: Type.Number({ minimum: 0, maximum: 1, description: 'How good the model takes the segment to be.' }),
    polygons: Type.Array(Type.Ref('Polygon'), { description: 'One for each detached part.' }),
  },
  { $id: 'Segment' },
);
/** One scored mask; each detached part of it is a polygon, holes are cut in by a zero-width seam. */
export interface Segment {
  score: number;
  polygons: Polygon[];
}

/** Result for the one image of a job (docs/contract.md#segment-get-answer). */
export const SegmentItemSchema = Type.Object(
  {
    fileId: FileIdSchema,
    fileExternalId: Type.Optional(FileExternalIdSchema),
    segments: Type.Array(Type.Ref('Segment'), { description: 'What the prompt marks, best first.' }),
  },
  { $id: 'SegmentItem' },
);

/** Files that could not be processed, and why (docs/contract.md#segment-failed-items). */
export const FailedBatchSchema = Type.Object(
  {
    errorMessage: Type.String({ description: 'Why, and what to do.' }),
    items: Type.Array(Type.Ref('ResolvedFile'), { description: 'The files.' }),
  },
  { $id: 'FailedBatch' },
);

const jobState = {
  status: Type.Enum([...JOB_STATUSES], { description: 'Stage of the job; Completed and Failed are the last.' }),
  createdTime: EpochMsSchema,
  startTime: Type.Union([EpochMsSchema, Type.Null()], { description: 'null while the job is Queued.' }),
  statusTime: EpochMsSchema,
  errorMessage: Type.Union([Type.String(), Type.Null()], { description: 'Why the job failed; null otherwise.' }),
  jobId: JobIdSchema,
};

/** Body of `POST …/context/vision/segment`. */
export const segmentRequestSchema = (maxPoints: number) =>
  Type.Object(
    {
      items: Type.Array(Type.Ref('SegmentFileReference'), { minItems: 1, maxItems: 1, description: 'The one image.' }),
      ...promptProperties({ maxItems: maxPoints }),
    },
    { $id: 'SegmentRequest', ...anyPrompt },
  );
/** Body of `POST …/context/vision/segment`. */
export interface SegmentRequest extends UncheckedPrompt {
  items: [SegmentFileReference];
}

/** Answer to `POST …/context/vision/segment`: the prompt is echoed at top level. */
export const SegmentJobCreatedSchema = Type.Object(
  {
    ...jobState,
    items: Type.Array(Type.Ref('ResolvedFile'), { description: 'The one image.' }),
    ...promptProperties(),
  },
  { $id: 'SegmentJobCreated', ...anyPrompt },
);

/** Answer to `GET …/context/vision/segment/{jobId}`: the prompt is nested, `failedItems` is always present. */
export const SegmentJobSchema = Type.Object(
  {
    ...jobState,
    items: Type.Array(Type.Ref('SegmentItem'), { description: 'The result; empty unless the job is Completed.' }),
    prompt: Type.Object(promptProperties(), { ...anyPrompt, description: 'The prompt, defaults applied.' }),
    failedItems: Type.Array(Type.Ref('FailedBatch'), { description: 'Images that could not be segmented.' }),
  },
  { $id: 'SegmentJob' },
);
