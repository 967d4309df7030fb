import type { XStatic } from 'typebox/schema';
import { MAX_ID } from '../limits.ts';

// Plain JSON Schema: the configuration is read with these, and loading a schema library would be most of the start time
// of a command.

const all = {
  type: 'object',
  properties: { all: { type: 'object', description: 'Everything in the project.' } },
  required: ['all'],
  additionalProperties: false,
} as const;
const dataSetIds = {
  type: 'object',
  properties: {
    ids: {
      type: 'array',
      // Some clients write ids as strings.
      items: {
        anyOf: [
          { type: 'integer', minimum: 1, maximum: MAX_ID },
          { type: 'string', pattern: '^[1-9][0-9]{0,15}$' },
        ],
      },
      maxItems: 1000,
      description: 'Ids of data sets.',
    },
  },
  required: ['ids'],
  additionalProperties: false,
} as const;
const dataSets = {
  type: 'object',
  properties: { datasetScope: { ...dataSetIds, description: 'What is in these data sets alone.' } },
  required: ['datasetScope'],
  additionalProperties: false,
} as const;
const byId = {
  type: 'object',
  properties: { idScope: { ...dataSetIds, description: 'These data sets alone.' } },
  required: ['idScope'],
  additionalProperties: false,
} as const;
const byIdInLowerCase = {
  type: 'object',
  properties: { idscope: { ...dataSetIds, description: 'Another spelling of idScope.' } },
  required: ['idscope'],
  additionalProperties: false,
} as const;
const spaces = {
  type: 'object',
  properties: {
    spaceIdScope: {
      type: 'object',
      properties: {
        spaceIds: {
          type: 'array',
          items: { type: 'string', minLength: 1, maxLength: 43 },
          maxItems: 1000,
          description: 'Names of spaces.',
        },
      },
      required: ['spaceIds'],
      additionalProperties: false,
      description: 'What is in these spaces alone.',
    },
  },
  required: ['spaceIdScope'],
  additionalProperties: false,
} as const;

const readWrite = {
  type: 'array',
  items: { enum: ['READ', 'WRITE'] },
  minItems: 1,
  maxItems: 2,
  description: 'What its members may do.',
} as const;
const filesAcl = {
  type: 'object',
  properties: {
    actions: readWrite,
    scope: { anyOf: [all, dataSets], description: '{"all": {}} or {"datasetScope": {"ids": […]}}' },
  },
  required: ['actions', 'scope'],
  additionalProperties: false,
  description: 'Rights to files, and to segment jobs on them.',
} as const;
const modelsAcl = {
  type: 'object',
  properties: {
    actions: readWrite,
    scope: { anyOf: [all, spaces], description: '{"all": {}} or {"spaceIdScope": {"spaceIds": […]}}' },
  },
  required: ['actions', 'scope'],
  additionalProperties: false,
  description: 'Rights to spaces, or to the nodes in them.',
} as const;
const labelsAcl = {
  type: 'object',
  properties: {
    actions: readWrite,
    scope: { anyOf: [all, dataSets], description: '{"all": {}} or {"datasetScope": {"ids": […]}}' },
  },
  required: ['actions', 'scope'],
  additionalProperties: false,
  description: 'Rights to the definitions of labels.',
} as const;
const datasetsAcl = {
  type: 'object',
  properties: {
    actions: {
      type: 'array',
      items: { enum: ['READ', 'WRITE', 'OWNER'] },
      minItems: 1,
      maxItems: 3,
      description: 'What its members may do; OWNER: write what is in write-protected data sets.',
    },
    scope: { anyOf: [all, byId, byIdInLowerCase], description: '{"all": {}} or {"idScope": {"ids": […]}}' },
  },
  required: ['actions', 'scope'],
  additionalProperties: false,
  description: 'Rights to data sets.',
} as const;
const annotationsAcl = {
  type: 'object',
  properties: {
    actions: {
      type: 'array',
      items: { enum: ['READ', 'WRITE', 'SUGGEST', 'REVIEW'] },
      minItems: 1,
      maxItems: 4,
      description: 'WRITE includes the others; SUGGEST creates suggestions; REVIEW changes only the status.',
    },
    scope: { ...all, description: '{"all": {}}' },
  },
  required: ['actions', 'scope'],
  additionalProperties: false,
  description: 'Rights to write annotations; reading them needs no more than READ on their files.',
} as const;
const groupsAcl = {
  type: 'object',
  properties: {
    actions: { type: 'array', items: { enum: ['LIST'] }, minItems: 1, maxItems: 1, description: 'LIST.' },
    scope: { ...all, description: '{"all": {}}' },
  },
  required: ['actions', 'scope'],
  additionalProperties: false,
  description: 'The right to list all groups.',
} as const;

/** One right of a group's members: an access control list, actions and a scope (docs/contract.md#access-groups). */
export const GroupCapabilitySchema = {
  type: 'object',
  properties: {
    filesAcl,
    labelsAcl,
    datasetsAcl,
    annotationsAcl,
    dataModelsAcl: modelsAcl,
    dataModelInstancesAcl: modelsAcl,
    groupsAcl,
  },
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
} as const;
/** What the members of a group may do: one ACL with its actions and its scope. */
export type GroupCapability = XStatic<typeof GroupCapabilitySchema>;

/** A group of a project; tokens of its members carry `sourceId` (docs/contract.md#access-groups). */
export const GroupSchema = {
  type: 'object',
  properties: {
    id: { type: 'integer', minimum: 1, maximum: MAX_ID, description: 'Numeric id of the group.' },
    name: { type: 'string', minLength: 1, maxLength: 255, description: 'Name for people.' },
    sourceId: { type: 'string', minLength: 1, maxLength: 255, description: 'What tokens or members name it by.' },
    capabilities: {
      type: 'array',
      items: GroupCapabilitySchema,
      maxItems: 100,
      description: 'What its members may do.',
    },
  },
  required: ['id', 'name', 'sourceId', 'capabilities'],
  additionalProperties: false,
} as const;
/** A group of a project, with the group of the identity provider that it stands for and its capabilities. */
export type Group = XStatic<typeof GroupSchema>;
