import { type Static, Type } from 'typebox';
import { DataSetIdSchema } from '../data-sets/data-set-reference.ts';
import { DEFAULT_PAGE_SIZE, MAX_LABEL_DEFINITIONS, MAX_PAGE_SIZE } from '../limits.ts';
import { EpochMsSchema } from '../vision/segment-job.ts';

const ExternalId = Type.String({ maxLength: 255, description: 'Id that a client chose for the label.' });
const Name = Type.String({
  minLength: 1,
  maxLength: 140,
  description: 'Name for people; several labels may share it.',
});

const definition = {
  externalId: ExternalId,
  name: Name,
  description: Type.Optional(Type.String({ maxLength: 500, description: 'What the label means.' })),
  dataSetId: Type.Optional(DataSetIdSchema),
};

const LabelCreateSchema = Type.Object(definition, { $id: 'LabelCreate' });
/** A label as a request defines it. */
export type LabelCreate = Static<typeof LabelCreateSchema>;

const LabelSchema = Type.Object({ ...definition, createdTime: EpochMsSchema }, { $id: 'Label' });
/** The definition of a label as answers show it; absent values are left out (docs/contract.md#labels-object). */
export type Label = Static<typeof LabelSchema>;

const LabelFilterSchema = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 140, description: 'The exact name.' })),
    externalIdPrefix: Type.Optional(Type.String({ maxLength: 255, description: 'How the externalId begins.' })),
    dataSetIds: Type.Optional(
      Type.Array(Type.Ref('DataSetReference'), {
        minItems: 1,
        maxItems: 1000,
        description: 'The label is in one of these data sets.',
      }),
    ),
  },
  { description: 'Conditions that all have to be met.' },
);
/** Conditions that a label has to meet, all of them (docs/contract.md#labels-list). */
export interface LabelFilter {
  name?: string;
  externalIdPrefix?: string;
  dataSetIds?: { id?: number; externalId?: string }[];
}

const LabelIdSchema = Type.Object({ externalId: ExternalId }, { $id: 'LabelId' });
const references = Type.Array(Type.Ref('LabelId'), {
  minItems: 1,
  maxItems: MAX_LABEL_DEFINITIONS,
  description: 'The labels.',
});
const items = Type.Array(Type.Ref('Label'), { description: 'The labels.' });

/** Schemas of requests and answers about labels, by the names under which routes refer to them. */
export const LABEL_SCHEMAS = [
  LabelCreateSchema,
  LabelSchema,
  LabelIdSchema,
  Type.Object(
    {
      items: Type.Array(Type.Ref('LabelCreate'), {
        minItems: 1,
        maxItems: MAX_LABEL_DEFINITIONS,
        description: 'The labels.',
      }),
    },
    { $id: 'LabelsCreate' },
  ),
  Type.Object(
    {
      filter: Type.Optional(LabelFilterSchema),
      limit: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: MAX_PAGE_SIZE,
          default: DEFAULT_PAGE_SIZE,
          description: 'Most items of the answer.',
        }),
      ),
      cursor: Type.Optional(Type.String({ maxLength: 1000, description: 'nextCursor of the page before.' })),
    },
    { $id: 'LabelListRequest' },
  ),
  Type.Object(
    {
      items: references,
      ignoreUnknownIds: Type.Optional(
        Type.Boolean({
          default: false,
          description: 'Leaves labels out that there are not, instead of refusing the request.',
        }),
      ),
    },
    { $id: 'LabelReferences' },
  ),
  Type.Object({ items: references }, { $id: 'LabelsDelete' }),
  Type.Object({ items }, { $id: 'Labels' }),
  Type.Object(
    {
      items,
      nextCursor: Type.Optional(Type.String({ description: 'Asks for the next page; absent on the last.' })),
    },
    { $id: 'LabelPage' },
  ),
];
