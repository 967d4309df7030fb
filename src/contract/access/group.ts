import type { XStatic } from 'typebox/schema';
import { MAX_ID } from '../limits.ts';

// Plain JSON Schema: the configuration is read with these, and loading a schema library would be most of the start time
// of a command.

const all = {
  type: 'object',
  properties: { all: { type: 'object' } },
  required: ['all'],
  additionalProperties: false,
} as const;
const dataSets = {
  type: 'object',
  properties: {
    datasetScope: {
      type: 'object',
      properties: {
        ids: { type: 'array', items: { type: 'integer', minimum: 1, maximum: MAX_ID }, maxItems: 1000 },
      },
      required: ['ids'],
      additionalProperties: false,
    },
  },
  required: ['datasetScope'],
  additionalProperties: false,
} as const;
const spaces = {
  type: 'object',
  properties: {
    spaceIdScope: {
      type: 'object',
      properties: {
        spaceIds: { type: 'array', items: { type: 'string', minLength: 1, maxLength: 43 }, maxItems: 1000 },
      },
      required: ['spaceIds'],
      additionalProperties: false,
    },
  },
  required: ['spaceIdScope'],
  additionalProperties: false,
} as const;

const readWrite = { type: 'array', items: { enum: ['READ', 'WRITE'] }, minItems: 1, maxItems: 2 } as const;
const filesAcl = {
  type: 'object',
  properties: {
    actions: readWrite,
    scope: { anyOf: [all, dataSets], description: '{"all": {}} or {"datasetScope": {"ids": […]}}' },
  },
  required: ['actions', 'scope'],
  additionalProperties: false,
} as const;
const modelsAcl = {
  type: 'object',
  properties: {
    actions: readWrite,
    scope: { anyOf: [all, spaces], description: '{"all": {}} or {"spaceIdScope": {"spaceIds": […]}}' },
  },
  required: ['actions', 'scope'],
  additionalProperties: false,
} as const;
const groupsAcl = {
  type: 'object',
  properties: { actions: { type: 'array', items: { enum: ['LIST'] }, minItems: 1, maxItems: 1 }, scope: all },
  required: ['actions', 'scope'],
  additionalProperties: false,
} as const;

/** One right of a group's members: an access control list, actions and a scope (docs/contract.md#access-groups). */
export const GroupCapabilitySchema = {
  type: 'object',
  properties: { filesAcl, dataModelsAcl: modelsAcl, dataModelInstancesAcl: modelsAcl, groupsAcl },
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
} as const;
export type GroupCapability = XStatic<typeof GroupCapabilitySchema>;

/** A group of a project; tokens of its members carry `sourceId` (docs/contract.md#access-groups). */
export const GroupSchema = {
  type: 'object',
  properties: {
    id: { type: 'integer', minimum: 1, maximum: MAX_ID },
    name: { type: 'string', minLength: 1, maxLength: 255 },
    sourceId: { type: 'string', minLength: 1, maxLength: 255 },
    capabilities: { type: 'array', items: GroupCapabilitySchema, maxItems: 100 },
  },
  required: ['id', 'name', 'sourceId', 'capabilities'],
  additionalProperties: false,
} as const;
export type Group = XStatic<typeof GroupSchema>;
