import { type Static, Type } from 'typebox';
import { MAX_ID } from './limits.ts';

const All = Type.Object({ all: Type.Object({}) }, { additionalProperties: false });
const DataSets = Type.Object(
  {
    datasetScope: Type.Object(
      { ids: Type.Array(Type.Integer({ minimum: 1, maximum: MAX_ID }), { maxItems: 1000 }) },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);
const Spaces = Type.Object(
  {
    spaceIdScope: Type.Object(
      { spaceIds: Type.Array(Type.String({ minLength: 1, maxLength: 43 }), { maxItems: 1000 }) },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);

const ReadWrite = Type.Array(Type.Enum(['READ', 'WRITE']), { minItems: 1, maxItems: 2 });
const filesAcl = Type.Object(
  { actions: ReadWrite, scope: Type.Union([All, DataSets]) },
  { additionalProperties: false },
);
const modelsAcl = Type.Object(
  { actions: ReadWrite, scope: Type.Union([All, Spaces]) },
  { additionalProperties: false },
);
const groupsAcl = Type.Object(
  { actions: Type.Array(Type.Enum(['LIST']), { minItems: 1, maxItems: 1 }), scope: All },
  { additionalProperties: false },
);

/** What the members of a group may do: one access control list, its actions, and where they count. Source: CONTRACT.md 5. */
export const GroupCapabilitySchema = Type.Object(
  {
    filesAcl: Type.Optional(filesAcl),
    dataModelsAcl: Type.Optional(modelsAcl),
    dataModelInstancesAcl: Type.Optional(modelsAcl),
    groupsAcl: Type.Optional(groupsAcl),
  },
  { additionalProperties: false, minProperties: 1, maxProperties: 1 },
);
export type GroupCapability = Static<typeof GroupCapabilitySchema>;

/** A group of a project; `sourceId` is what the tokens of its members carry. Source: CONTRACT.md 5, `GET /groups`. */
export const GroupSchema = Type.Object(
  {
    id: Type.Integer({ minimum: 1, maximum: MAX_ID }),
    name: Type.String({ minLength: 1, maxLength: 255 }),
    sourceId: Type.String({ minLength: 1, maxLength: 255 }),
    capabilities: Type.Array(GroupCapabilitySchema, { maxItems: 100 }),
  },
  { additionalProperties: false },
);
export type Group = Static<typeof GroupSchema>;
