import { type Static, Type } from 'typebox';
import { InstanceIdSchema } from '../files/file-reference.ts';
import { MAX_PAGE_SIZE } from '../limits.ts';
import { EpochMsSchema } from '../vision/segment-job.ts';

/** Most spaces in one request (docs/contract.md#spaces-upsert). */
const MAX_SPACES = 100;
/** Default page size of the list of spaces (docs/contract.md#spaces-read-and-delete). */
const DEFAULT_SPACE_PAGE_SIZE = 10;

/** Names that no client may give to a space (docs/contract.md#spaces-upsert). */
export const RESERVED_SPACES: readonly string[] = [
  'space',
  'cdf',
  'dms',
  'pg3',
  'shared',
  'system',
  'node',
  'edge',
  'cdf_cdm',
];

const SpaceId = InstanceIdSchema.properties.space;
const definition = {
  space: SpaceId,
  name: Type.Optional(Type.String({ maxLength: 255, description: 'Name for people.' })),
  description: Type.Optional(Type.String({ maxLength: 1024, description: 'What the space is for.' })),
};

/** Properties of a space that a client sends. */
const SpaceCreateSchema = Type.Object(definition, { $id: 'SpaceCreate' });
/** A space as a request creates it. */
export type SpaceCreate = Static<typeof SpaceCreateSchema>;

/** A namespace for nodes, as every answer shows it; absent values are left out (docs/contract.md#spaces-upsert). */
const SpaceSchema = Type.Object(
  {
    ...definition,
    createdTime: EpochMsSchema,
    lastUpdatedTime: EpochMsSchema,
    isGlobal: Type.Boolean({ description: 'Whether it is a space of the system, such as cdf_cdm.' }),
  },
  { $id: 'Space' },
);
/** A space of instances, as an answer has it. */
export type Space = Static<typeof SpaceSchema>;

const several = (item: ReturnType<typeof Type.Ref>) =>
  Type.Array(item, { minItems: 1, maxItems: MAX_SPACES, description: 'The spaces.' });

/** Parameters of `GET …/models/spaces`. */
export const spaceListQuery = Type.Object({
  includeGlobal: Type.Optional(
    Type.Boolean({ default: false, description: 'List the space of the system too, cdf_cdm.' }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_PAGE_SIZE,
      default: DEFAULT_SPACE_PAGE_SIZE,
      description: 'Most items of the answer.',
    }),
  ),
  cursor: Type.Optional(Type.String({ maxLength: 1000, description: 'nextCursor of the page before.' })),
});

/** Schemas of requests and answers about spaces, by the names under which routes refer to them. */
export const SPACE_SCHEMAS = [
  SpaceCreateSchema,
  SpaceSchema,
  Type.Object({ space: SpaceId }, { $id: 'SpaceId' }),
  Type.Object({ items: several(Type.Ref('SpaceCreate')) }, { $id: 'SpacesUpsert' }),
  Type.Object({ items: several(Type.Ref('SpaceId')) }, { $id: 'SpaceIds' }),
  Type.Object(
    { items: Type.Array(Type.Ref('SpaceId'), { description: 'The spaces that were deleted.' }) },
    { $id: 'SpacesDeleted' },
  ),
  Type.Object({ items: Type.Array(Type.Ref('Space'), { description: 'The spaces.' }) }, { $id: 'Spaces' }),
  Type.Object(
    {
      items: Type.Array(Type.Ref('Space'), { description: 'The spaces of this page.' }),
      nextCursor: Type.Optional(Type.String({ description: 'Asks for the next page; absent on the last.' })),
    },
    { $id: 'SpacePage' },
  ),
];
