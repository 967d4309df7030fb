import { type Static, type TSchema, Type } from 'typebox';
import { FileIdSchema } from '../files/file-reference.ts';
import {
  DEFAULT_PAGE_SIZE,
  MAX_ANNOTATIONS,
  MAX_ID,
  MAX_OUTLINE_RINGS,
  MAX_OUTLINE_VERTICES,
  MAX_PAGE_SIZE,
  MIN_VERTICES,
} from '../limits.ts';
import type { Vertex } from '../vision/segment-job.ts';
import { ANNOTATION_STATUSES, type Annotation, AnnotationIdSchema, AnnotationSchema } from './annotation.ts';

const Status = Type.Enum([...ANNOTATION_STATUSES], { description: 'Proposed, confirmed or found wrong.' });
const Label = Type.String({ minLength: 1, maxLength: 128, description: 'Name of what is seen.' });
const Score = Type.Number({ minimum: 0, maximum: 1, description: 'How good the model takes it to be.' });
const ByHand = Type.Boolean({ description: 'Whether someone drew or corrected the outline by hand.' });
const Person = (description: string) => Type.Unsafe<string | null>({ type: ['string', 'null'], description });
const Attributes = Type.Unsafe<Record<string, unknown>>({
  type: 'object',
  additionalProperties: Type.Ref('AnnotationAttribute'),
  description: 'Properties of what is seen, by name. They replace those that it has.',
});
const Rings = Type.Unsafe<Vertex[][][]>({
  type: 'array',
  minItems: 1,
  maxItems: MAX_OUTLINE_RINGS,
  items: {
    type: 'array',
    minItems: 1,
    maxItems: MAX_OUTLINE_RINGS,
    items: {
      type: 'array',
      minItems: MIN_VERTICES,
      maxItems: MAX_OUTLINE_VERTICES,
      items: Type.Ref('Vertex'),
      description: 'Corners in order; the last joins the first.',
    },
    description: 'The rings of one part: its outline, then its holes.',
  },
  description: 'The whole outline: the rings of each detached part, in fractions of the photo.',
});
const whole = (description: string) => Type.Integer({ minimum: 0, maximum: MAX_ID, description });
const Origin = Type.Object(
  {
    jobId: Type.Optional(whole('Job that found it.')),
    segment: Type.Optional(whole('Which segment of the job, from 0.')),
    rank: Type.Optional(whole('Place among the candidates, from 0, of the one that was chosen.')),
    token: Type.Optional(whole('Mask token of the model that made the candidate.')),
    score: Type.Optional(Score),
  },
  { description: 'The candidate that it was saved from.' },
);

/** An annotation with what this server knows of it besides: its whole outline, who changed it, its photo's name. */
export const NamedAnnotationSchema = Type.Object(
  {
    ...AnnotationSchema.properties,
    label: Person('Name of what is seen; null where the type has none.'),
    rings: Type.Optional(Rings),
    byHand: ByHand,
    createdBy: Person('Who created it.'),
    updatedBy: Person('Who changed it last.'),
    fileName: Person('Name of the photo.'),
  },
  { $id: 'NamedAnnotation' },
);
/** An annotation with its whole outline, who changed it, and its photo's name. */
export interface NamedAnnotation extends Annotation {
  label: string | null;
  /** For each part its outline, then its holes, in fractions of the photo; absent for other geometry. */
  rings?: Vertex[][][];
  byHand: boolean;
  createdBy: string | null;
  updatedBy: string | null;
  fileName: string | null;
}

/** Query of `GET …/kontur/annotations`. */
export const NamedAnnotationQuerySchema = Type.Object({
  fileId: Type.Optional(FileIdSchema),
  status: Type.Optional(Status),
  label: Type.Optional(Label),
  dataSetId: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_ID, description: 'Photos of this data set.' })),
  creatingUser: Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: 'Who made it.' })),
  annotationType: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'Kind of the annotation.' })),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_PAGE_SIZE,
      default: DEFAULT_PAGE_SIZE,
      description: 'Most items of the answer.',
    }),
  ),
  cursor: Type.Optional(Type.String({ maxLength: 2000, description: 'nextCursor of the page before.' })),
});
/** Query of `GET …/kontur/annotations`, with its defaults. */
export type NamedAnnotationQuery = Static<typeof NamedAnnotationQuerySchema> & { limit: number };

const NewObject = Type.Object({
  fileId: FileIdSchema,
  label: Label,
  rings: Rings,
  status: Type.Optional(Type.Enum([...ANNOTATION_STATUSES], { default: 'approved', description: 'Its stage.' })),
  score: Type.Optional(Score),
  byHand: Type.Optional(Type.Boolean({ default: false, description: 'Whether the outline was drawn by hand.' })),
  attributes: Type.Optional(Attributes),
  origin: Type.Optional(Origin),
});
/** An outline with a name to save as an annotation. */
export type NewObject = Static<typeof NewObject>;

const ObjectChange = Type.Object({
  id: AnnotationIdSchema,
  lastUpdatedTime: Type.Optional(whole('As it was read; if it has changed since, nothing is written.')),
  status: Type.Optional(Status),
  label: Type.Optional(Label),
  rings: Type.Optional(Rings),
  byHand: Type.Optional(ByHand),
  attributes: Type.Optional(Attributes),
});
/** A change of an annotation: what is absent stays. */
export type ObjectChange = Static<typeof ObjectChange>;

/** Body of `POST …/kontur/segment/{jobId}/annotation`. */
export const SaveSegmentSchema = Type.Object(
  {
    segment: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 1000, default: 0, description: 'Which segment, from 0, the best.' }),
    ),
    label: Label,
    status: Type.Optional(
      Type.Enum(['suggested', 'approved'], { default: 'approved', description: 'Proposed or confirmed.' }),
    ),
  },
  { $id: 'SaveSegment' },
);
/** Body of `POST …/kontur/segment/{jobId}/annotation`, with its defaults. */
export type SaveSegment = Required<Static<typeof SaveSegmentSchema>>;

const Counts = (key: string, of: string) =>
  Type.Array(
    Type.Object({
      [key]: Person(`The ${of}.`),
      count: Type.Integer({ minimum: 1, description: 'How many annotations.' }),
    }),
    { description: `Counts of each ${of}, the largest first; at most 1000.` },
  );
/** Answer to `GET …/kontur/annotations/facets`. */
export const AnnotationFacetsSchema = Type.Object(
  { labels: Counts('label', 'label'), statuses: Counts('status', 'status'), users: Counts('user', 'maker') },
  { $id: 'AnnotationFacets' },
);

/** Answer to `GET …/kontur/annotations/{id}/history`. */
export const AnnotationHistorySchema = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        time: whole('When, in milliseconds since 1970-01-01 UTC.'),
        by: Type.String({ description: 'Who did it.' }),
        change: Type.Enum(['created', 'updated', 'deleted', 'restored'], { description: 'What was done.' }),
        status: Type.Enum([...ANNOTATION_STATUSES], { description: 'The stage after it.' }),
        label: Person('The name after it; null where the type has none.'),
        isOutlineChanged: Type.Boolean({ description: 'Whether it changed where the object is.' }),
      }),
      { description: 'The changes, newest first; at most 100.' },
    ),
  },
  { $id: 'AnnotationHistory' },
);

const items = (schema: TSchema, description: string) =>
  Type.Object({ items: Type.Array(schema, { minItems: 1, maxItems: MAX_ANNOTATIONS, description }) });

/** Schemas of this server's own operations on annotations, each with a name. */
export const NAMED_ANNOTATION_SCHEMAS: TSchema[] = [
  NamedAnnotationSchema,
  SaveSegmentSchema,
  AnnotationFacetsSchema,
  AnnotationHistorySchema,
  { ...items(NewObject, 'The objects to save.'), $id: 'NewObjects' },
  { ...items(ObjectChange, 'The changes.'), $id: 'ObjectChanges' },
];
