import { type Static, Type } from 'typebox';
import { MetadataSchema } from '../files/metadata.ts';
import { DEFAULT_PAGE_SIZE, MAX_DATA_SETS, MAX_ID, MAX_NEW_DATA_SETS, MAX_PAGE_SIZE } from '../limits.ts';
import { EpochMsSchema } from '../vision/segment-job.ts';
import { DataSetExternalIdSchema, DataSetIdSchema, DataSetReferenceSchema } from './data-set-reference.ts';

const Name = Type.String({ minLength: 1, maxLength: 50, description: 'Name for people.' });
const Description = Type.String({ minLength: 1, maxLength: 500, description: 'What is in the data set.' });
const writeProtected = 'Whether writing what is in the data set also takes datasetsAcl:OWNER.';

const DataSetCreateSchema = Type.Object(
  {
    externalId: Type.Optional(DataSetExternalIdSchema),
    name: Type.Optional(Name),
    description: Type.Optional(Description),
    metadata: Type.Optional(MetadataSchema),
    writeProtected: Type.Optional(Type.Boolean({ default: false, description: writeProtected })),
  },
  { $id: 'DataSetCreate' },
);
/** A data set as a request creates it. */
export type DataSetCreate = Static<typeof DataSetCreateSchema>;

const DataSetSchema = Type.Object(
  {
    id: DataSetIdSchema,
    externalId: Type.Optional(DataSetExternalIdSchema),
    name: Type.Optional(Name),
    description: Type.Optional(Description),
    metadata: MetadataSchema,
    writeProtected: Type.Boolean({ description: writeProtected }),
    createdTime: EpochMsSchema,
    lastUpdatedTime: EpochMsSchema,
  },
  { $id: 'DataSet' },
);
/** A data set as answers show it; metadata is `{}` where there is none (docs/contract.md#data-sets-object). */
export type DataSet = Static<typeof DataSetSchema>;

const Time = Type.Integer({ minimum: 0, maximum: MAX_ID, description: 'Milliseconds since 1970-01-01 UTC.' });
const TimeRange = (of: string) =>
  Type.Optional(
    Type.Object({ min: Type.Optional(Time), max: Type.Optional(Time) }, { description: `${of}; both ends included.` }),
  );
const DataSetFilterSchema = Type.Object(
  {
    metadata: Type.Optional(MetadataSchema),
    createdTime: TimeRange('When the data set was created'),
    lastUpdatedTime: TimeRange('When it was last changed'),
    externalIdPrefix: Type.Optional(Type.String({ maxLength: 255, description: 'How the externalId begins.' })),
    writeProtected: Type.Optional(Type.Boolean({ description: 'Whether it is write-protected.' })),
  },
  { description: 'Conditions that all have to be met.' },
);
/** Conditions that a data set has to meet, all of them (docs/contract.md#data-sets-list). */
export type DataSetFilter = Static<typeof DataSetFilterSchema>;

const SetNull = Type.Optional(
  Type.Unsafe<true>({ type: 'boolean', enum: [true], description: 'The property is deleted.' }),
);
const oneOf = [{ required: ['set'] }, { required: ['setNull'] }];
const valueOptions = { oneOf, description: 'A new value, or setNull.' };
const anyOf = ['set', 'add', 'remove'].map((key) => ({ required: [key] }));
const DataSetChangesSchema = Type.Object(
  {
    externalId: Type.Optional(
      Type.Object({ set: Type.Optional(DataSetExternalIdSchema), setNull: SetNull }, valueOptions),
    ),
    name: Type.Optional(Type.Object({ set: Type.Optional(Name), setNull: SetNull }, valueOptions)),
    description: Type.Optional(Type.Object({ set: Type.Optional(Description), setNull: SetNull }, valueOptions)),
    writeProtected: Type.Optional(
      Type.Object({ set: Type.Boolean({ description: writeProtected }) }, { description: 'A new value.' }),
    ),
    metadata: Type.Optional(
      Type.Object(
        {
          set: Type.Optional(MetadataSchema),
          add: Type.Optional(MetadataSchema),
          remove: Type.Optional(Type.Array(Type.String(), { description: 'Keys to take away.' })),
        },
        { anyOf, description: 'A new set of keys and values, or some to add and keys to take away.' },
      ),
    ),
  },
  { $id: 'DataSetChanges' },
);
/** Changes to one data set, property by property; a property that is not named stays unchanged. */
export type DataSetChanges = Static<typeof DataSetChangesSchema>;
/** A data set, named by exactly one of its ids, and its changes (docs/contract.md#data-sets-update). */
export type DataSetUpdate = Static<typeof DataSetReferenceSchema> & { update: DataSetChanges };

const limit = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: MAX_PAGE_SIZE,
    default: DEFAULT_PAGE_SIZE,
    description: 'Most items of the answer.',
  }),
);
const DataSetListRequestSchema = Type.Object(
  {
    filter: Type.Optional(DataSetFilterSchema),
    limit,
    cursor: Type.Optional(Type.String({ maxLength: 1000, description: 'nextCursor of the page before.' })),
  },
  { $id: 'DataSetListRequest' },
);
const items = Type.Array(Type.Ref('DataSet'), { description: 'The data sets.' });

/** Schemas of requests and answers about data sets, by the names under which routes refer to them. */
export const DATA_SET_SCHEMAS = [
  DataSetReferenceSchema,
  DataSetCreateSchema,
  DataSetSchema,
  DataSetChangesSchema,
  DataSetListRequestSchema,
  Type.Object(
    {
      items: Type.Array(Type.Ref('DataSetCreate'), {
        minItems: 1,
        maxItems: MAX_NEW_DATA_SETS,
        description: 'The data sets.',
      }),
    },
    { $id: 'DataSetsCreate' },
  ),
  Type.Object(
    {
      items: Type.Array(Type.Ref('DataSetReference'), {
        minItems: 1,
        maxItems: MAX_DATA_SETS,
        description: 'The data sets, each by one of its ids.',
      }),
      ignoreUnknownIds: Type.Optional(
        Type.Boolean({
          default: false,
          description: 'Leaves data sets out that there are not, instead of refusing the request.',
        }),
      ),
    },
    { $id: 'DataSetReferences' },
  ),
  Type.Object(
    {
      items: Type.Array(
        Type.Object(
          { ...DataSetReferenceSchema.properties, update: Type.Ref('DataSetChanges') },
          { oneOf: [{ required: ['id'] }, { required: ['externalId'] }] },
        ),
        { minItems: 1, maxItems: MAX_DATA_SETS, description: 'The data sets and what to change of each.' },
      ),
    },
    { $id: 'DataSetUpdateRequest' },
  ),
  Type.Object({ filter: Type.Optional(DataSetFilterSchema) }, { $id: 'DataSetAggregateRequest' }),
  Type.Object({ items }, { $id: 'DataSets' }),
  Type.Object(
    {
      items,
      nextCursor: Type.Optional(Type.String({ description: 'Asks for the next page; absent on the last.' })),
    },
    { $id: 'DataSetPage' },
  ),
];
