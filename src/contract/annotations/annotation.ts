import { type Static, type TSchema, Type } from 'typebox';
import { MAX_ANNOTATIONS, MAX_ID, MAX_PAGE_SIZE } from '../limits.ts';
import { EpochMsSchema } from '../vision/segment-job.ts';
import {
  ANNOTATION_DATA_SCHEMAS,
  ANNOTATION_TYPES,
  type AnnotationData,
  OTHER_ANNOTATION_TYPES,
} from './annotation-data.ts';

/** Stages of an annotation: proposed, confirmed by someone, or found wrong. */
export const ANNOTATION_STATUSES = ['suggested', 'approved', 'rejected'] as const;
/** Stage of an annotation: proposed, confirmed by someone, or found wrong. */
export type AnnotationStatus = (typeof ANNOTATION_STATUSES)[number];

const DEFAULT_ANNOTATIONS = 25;
const DEFAULT_FOUND_FILES = 100;
const MAX_CURSOR = 255;

/** Numeric id of an annotation. */
export const AnnotationIdSchema = Type.Integer({
  minimum: 1,
  maximum: MAX_ID,
  description: 'Numeric id of an annotation.',
});
const FileId = Type.Integer({ minimum: 1, maximum: MAX_ID, description: 'Numeric id of the file.' });
const ResourceType = Type.Enum(['file', 'threedmodel'], {
  description: 'file; this server keeps no annotations of 3D models.',
});
const TypeName = Type.Enum([...ANNOTATION_TYPES, ...OTHER_ANNOTATION_TYPES], {
  description: 'Kind of the annotation; this server keeps those that begin with images.',
});
const Status = Type.Enum([...ANNOTATION_STATUSES], { description: 'Proposed, confirmed or found wrong.' });
const App = (description: string) => Type.String({ minLength: 1, maxLength: 255, description });
/** A person, or null for a service; the schema of the hosted API asks for a character, but its clients send none. */
const User = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  maxLength: 255,
  description: 'Who made it; null for a service.',
});
const UncheckedData = Type.Unsafe<AnnotationData>({
  type: 'object',
  additionalProperties: true,
  description: 'What is seen and where, as the annotation type has it.',
});

const madeBy = {
  creatingApp: App('Program that made it.'),
  creatingAppVersion: App('Version of that program.'),
  creatingUser: User,
};
const onFile = { annotatedResourceType: ResourceType, annotatedResourceId: FileId, annotationType: TypeName };

/** An annotation to create as `POST …/annotations/suggest` takes it; `data` is checked by `checkAnnotationData`. */
export const AnnotationSuggestSchema = Type.Object(
  { ...onFile, ...madeBy, data: UncheckedData, status: Type.Optional(Status) },
  { $id: 'AnnotationSuggest' },
);
/** An annotation to create as `POST …/annotations` takes it; `data` is checked by `checkAnnotationData`. */
export const AnnotationCreateSchema = Type.Object(
  { ...onFile, ...madeBy, data: UncheckedData, status: Status },
  { $id: 'AnnotationCreate' },
);
/** An annotation to create; `data` is not checked yet. */
export type AnnotationCreate = Static<typeof AnnotationCreateSchema>;

/** An annotation as every answer shows it: always all of its keys (docs/contract.md#annotations-object). */
export const AnnotationSchema = Type.Object(
  {
    id: AnnotationIdSchema,
    createdTime: EpochMsSchema,
    lastUpdatedTime: EpochMsSchema,
    ...onFile,
    annotationType: Type.Enum(ANNOTATION_TYPES, { description: 'Kind of the annotation.' }),
    ...madeBy,
    status: Status,
    data: Type.Unsafe<AnnotationData>({
      anyOf: (Object.values(ANNOTATION_DATA_SCHEMAS) as { $id?: string }[]).map(({ $id }) => Type.Ref(String($id))),
      description: 'What is seen and where, as the annotation type has it.',
    }),
  },
  { $id: 'Annotation' },
);
/** An annotation as an answer has it. */
export type Annotation = Static<typeof AnnotationSchema>;

const items = (schema: TSchema, description: string) =>
  Type.Object({ items: Type.Array(schema, { minItems: 1, maxItems: MAX_ANNOTATIONS, description }) });
const reference = Type.Object({ id: AnnotationIdSchema });
const setTo = (schema: TSchema, description: string) => Type.Optional(Type.Object({ set: schema }, { description }));
const change = Type.Object({
  id: AnnotationIdSchema,
  update: Type.Object(
    {
      annotationType: setTo(TypeName, 'Another type; the data has to fit it.'),
      data: setTo(UncheckedData, 'Replaces the data as a whole.'),
      status: setTo(Status, 'Another stage.'),
    },
    { description: 'What changes; each property as {"set": value}.' },
  ),
});
/** One change as `POST …/annotations/update` takes it. */
export interface AnnotationUpdate {
  id: number;
  update: {
    annotationType?: { set: string };
    data?: { set: AnnotationData };
    status?: { set: AnnotationStatus };
  };
}

const conditions = {
  annotatedResourceType: ResourceType,
  annotationType: Type.Optional(TypeName),
  creatingApp: Type.Optional(App('The exact program.')),
  creatingAppVersion: Type.Optional(App('The exact version.')),
  creatingUser: Type.Optional(User),
  status: Type.Optional(Status),
  data: Type.Optional(
    Type.Unsafe<AnnotationData>({
      type: 'object',
      additionalProperties: true,
      description: 'Keys and values that the data has, at any depth; case counts.',
    }),
  ),
};
/** Conditions on annotations besides the file, all of which have to be met. */
export interface AnnotationConditions {
  annotationType?: string;
  creatingApp?: string;
  creatingAppVersion?: string;
  /** Null: made by a service. */
  creatingUser?: string | null;
  status?: AnnotationStatus;
  data?: AnnotationData;
}
const limit = (most: number) =>
  Type.Optional(
    Type.Integer({ minimum: 1, maximum: MAX_PAGE_SIZE, default: most, description: 'Most items of the answer.' }),
  );
const cursor = Type.Optional(Type.String({ maxLength: MAX_CURSOR, description: 'nextCursor of the page before.' }));
const nextCursor = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  maxLength: MAX_CURSOR,
  description: 'Asks for the next page; null on the last.',
});
const fileReference = Type.Object(
  {
    id: Type.Optional(FileId),
    externalId: Type.Optional(Type.String({ maxLength: 255, description: 'Id that a client chose for the file.' })),
  },
  { oneOf: [{ required: ['id'] }, { required: ['externalId'] }] },
);

/** Body of `POST …/annotations/list`. */
export const AnnotationListRequestSchema = Type.Object(
  {
    filter: Type.Object(
      {
        ...conditions,
        annotatedResourceIds: Type.Array(fileReference, {
          minItems: 1,
          maxItems: MAX_ANNOTATIONS,
          description: 'The files, each by one of its ids.',
        }),
      },
      { description: 'Conditions that all have to be met.' },
    ),
    limit: limit(DEFAULT_ANNOTATIONS),
    cursor,
  },
  { $id: 'AnnotationListRequest' },
);
/** Body of `POST …/annotations/list`, with its defaults. */
export interface AnnotationListRequest {
  filter: AnnotationConditions & {
    annotatedResourceType: string;
    annotatedResourceIds: { id?: number; externalId?: string }[];
  };
  limit: number;
  cursor?: string;
}

/** A page of annotations; `nextCursor` is null on the last one (docs/contract.md#annotations-list). */
export const AnnotationPageSchema = Type.Object(
  {
    items: Type.Array(Type.Ref('Annotation'), { description: 'The annotations of this page.' }),
    nextCursor,
  },
  { $id: 'AnnotationPage' },
);

/** Body of `POST …/annotations/reverselookup`. A limit of -1 asks for the largest page, as clients' examples do. */
export const ReverseLookupRequestSchema = Type.Object(
  {
    filter: Type.Object(conditions, { description: 'Conditions that all have to be met.' }),
    limit: Type.Optional(
      Type.Integer({
        minimum: -1,
        maximum: MAX_PAGE_SIZE,
        default: DEFAULT_FOUND_FILES,
        description: 'Most items of the answer; -1 for as many as there may be.',
      }),
    ),
    cursor,
  },
  { $id: 'ReverseLookupRequest' },
);
/** Body of `POST …/annotations/reverselookup`, with its defaults. */
export interface ReverseLookupRequest {
  filter: AnnotationConditions & { annotatedResourceType: string };
  limit: number;
  cursor?: string;
}

/** Answer to `POST …/annotations/reverselookup`: files that have an annotation that meets the conditions, each once. */
export const ReverseLookupPageSchema = Type.Object(
  {
    annotatedResourceType: Type.Enum(['file'], { description: 'file.' }),
    items: Type.Array(
      Type.Object({
        id: FileId,
        externalId: Type.Optional(Type.String({ maxLength: 255, description: 'Id that a client chose for the file.' })),
      }),
      { description: 'The files of this page.' },
    ),
    nextCursor,
  },
  { $id: 'ReverseLookupPage' },
);

/** Schemas of the annotation operations, each with a name. */
export const ANNOTATION_SCHEMAS: TSchema[] = [
  AnnotationSuggestSchema,
  AnnotationCreateSchema,
  AnnotationSchema,
  AnnotationListRequestSchema,
  AnnotationPageSchema,
  ReverseLookupRequestSchema,
  ReverseLookupPageSchema,
  { ...items(Type.Ref('AnnotationCreate'), 'The annotations to create.'), $id: 'AnnotationsCreate' },
  { ...items(Type.Ref('AnnotationSuggest'), 'The annotations to suggest.'), $id: 'AnnotationsSuggest' },
  { ...items(reference, 'The annotations, by id.'), $id: 'AnnotationReferences' },
  { ...items(change, 'The changes.'), $id: 'AnnotationsUpdate' },
];
