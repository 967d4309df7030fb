import { type Static, Type } from 'typebox';
import type { CogniteFile, CogniteFileWrite } from '../files/cognite-file.ts';
import { type InstanceId, InstanceIdSchema } from '../files/file-reference.ts';
import { MAX_ID, MAX_PAGE_SIZE } from '../limits.ts';
import { EpochMsSchema } from '../vision/segment-job.ts';

/** Most nodes in one request (docs/contract.md#instances-upsert). */
const MAX_INSTANCES = 1000;
const DEFAULT_INSTANCE_PAGE_SIZE = 1000;

const InstanceType = Type.Enum(['node'], { description: 'This server keeps nodes that are files, and no edges.' });
const nodeId = { instanceType: InstanceType, ...InstanceIdSchema.properties };

/** A view or a container. The error of an unsupported one says which are supported. */
const SourceReferenceSchema = Type.Object(
  {
    type: Type.Enum(['view', 'container'], { description: 'view, since this server keeps no containers of its own.' }),
    space: Type.String({ maxLength: 43, description: 'Space of the view.' }),
    externalId: Type.String({ maxLength: 255, description: 'Id of the view.' }),
    version: Type.Optional(Type.String({ maxLength: 43, description: 'Version of the view.' })),
  },
  { $id: 'SourceReference', description: 'The view cdf_cdm/CogniteFile/v1; there is no other.' },
);
/** Names a view or a container; only the view cdf_cdm/CogniteFile/v1 is supported. */
export type SourceReference = Static<typeof SourceReferenceSchema>;

/** Views whose properties an answer shows. */
export type SourceSelector = { source: SourceReference }[];
const sources = Type.Optional(
  Type.Array(Type.Object({ source: Type.Ref('SourceReference') }), {
    maxItems: 10,
    description: 'Views whose properties the answer shows.',
  }),
);
const includeTyping = Type.Optional(
  Type.Boolean({ default: false, description: 'Show the types of the properties too.' }),
);

/** One node to create or to change. */
const NodeWriteSchema = Type.Object(
  {
    ...nodeId,
    existingVersion: Type.Optional(
      Type.Integer({ minimum: 0, maximum: MAX_ID, description: 'A node of a later version is a conflict; 0: any is.' }),
    ),
    type: Type.Optional(Type.Object({}, { description: 'A relation to another node: refused.' })),
    sources: Type.Optional(
      Type.Array(
        Type.Object({
          source: Type.Ref('SourceReference'),
          properties: Type.Optional(Type.Ref('CogniteFileWrite')),
        }),
        { maxItems: 10, description: 'The properties, by view.' },
      ),
    ),
  },
  { $id: 'NodeWrite' },
);
/** One node to create or to change. */
export interface NodeWrite extends InstanceId {
  existingVersion?: number;
  type?: object;
  sources?: { source: SourceReference; properties?: CogniteFileWrite }[];
}

/** Options for writing nodes. Those that create missing nodes of relations have no effect: relations are refused. */
const writeOptions = {
  replace: Type.Optional(
    Type.Boolean({ default: false, description: 'Properties that are not given are removed, not kept.' }),
  ),
  skipOnVersionConflict: Type.Optional(
    Type.Boolean({
      default: false,
      description: 'A node in conflict is left as it is, instead of failing the request.',
    }),
  ),
  autoCreateDirectRelations: Type.Optional(Type.Boolean({ description: 'Without effect.' })),
  autoCreateStartNodes: Type.Optional(Type.Boolean({ description: 'Without effect.' })),
  autoCreateEndNodes: Type.Optional(Type.Boolean({ description: 'Without effect.' })),
};

const state = {
  version: Type.Integer({ minimum: 1, description: 'Raised with each change.' }),
  createdTime: EpochMsSchema,
  lastUpdatedTime: EpochMsSchema,
};

/** Result of writing a node. */
const WrittenNodeSchema = Type.Object(
  { ...nodeId, ...state, wasModified: Type.Boolean({ description: 'false where it was so already, or was skipped.' }) },
  { $id: 'WrittenNode' },
);
/** A node as a request writes it: its reference, and its properties by view. */
export type WrittenNode = Static<typeof WrittenNodeSchema>;

/** A node; `properties` by space and view, empty where no source was asked for. */
const NodeSchema = Type.Object(
  {
    ...nodeId,
    ...state,
    properties: Type.Object(
      {
        cdf_cdm: Type.Optional(
          Type.Object(
            { 'CogniteFile/v1': Type.Ref('CogniteFile') },
            { description: 'Properties by the views of this space.' },
          ),
        ),
      },
      { description: 'Properties by space and view; empty where no source was asked for.' },
    ),
  },
  { $id: 'Node' },
);
/** A node as an answer has it: its reference, its times, and its properties by space and view. */
export type Node = Omit<Static<typeof NodeSchema>, 'properties'> & {
  properties: { cdf_cdm?: { 'CogniteFile/v1': CogniteFile } };
};

const nodes = Type.Array(Type.Ref('Node'), { description: 'The nodes.' });
const typing = Type.Optional(
  Type.Object({}, { additionalProperties: true, description: 'Types of the properties, by space, view and name.' }),
);

/** Conditions on nodes; `nodes/node-conditions.ts` implements the few that are supported. */
const filter = Type.Optional(
  Type.Object(
    {},
    {
      additionalProperties: true,
      description:
        'and; equals and in on ["node", "space"] and ["node", "externalId"]; hasData of the view cdf_cdm/CogniteFile/v1.',
    },
  ),
);

/** Body of a request to list nodes. */
const NodeListRequestSchema = Type.Object(
  {
    instanceType: Type.Optional(InstanceType),
    sources,
    includeTyping,
    filter,
    sort: Type.Optional(Type.Array(Type.Object({}), { description: 'Empty: the order is that of the file ids.' })),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_PAGE_SIZE,
        default: DEFAULT_INSTANCE_PAGE_SIZE,
        description: 'Most items of the answer.',
      }),
    ),
    cursor: Type.Optional(Type.String({ maxLength: 1000, description: 'nextCursor of the page before.' })),
  },
  { $id: 'NodeListRequest' },
);
/** Body of `POST …/models/instances/list`. */
export type NodeListRequest = Omit<Static<typeof NodeListRequestSchema>, 'sources' | 'limit'> & {
  sources?: SourceSelector;
  limit: number;
};

const several = (name: string) =>
  Type.Array(Type.Ref(name), { minItems: 1, maxItems: MAX_INSTANCES, description: 'The nodes.' });

/** Schemas of requests and answers about nodes, by the names under which routes refer to them. */
export const INSTANCE_SCHEMAS = [
  SourceReferenceSchema,
  NodeWriteSchema,
  WrittenNodeSchema,
  NodeSchema,
  NodeListRequestSchema,
  Type.Object(nodeId, { $id: 'NodeId' }),
  Type.Object({ items: several('NodeWrite'), ...writeOptions }, { $id: 'NodesUpsert' }),
  Type.Object(
    {
      items: Type.Array(Type.Ref('WrittenNode'), { description: 'The nodes as they are now.' }),
      deleted: Type.Array(Type.Ref('NodeId'), { maxItems: 0, description: 'Always empty.' }),
    },
    { $id: 'NodesUpserted' },
  ),
  Type.Object({ items: several('NodeId'), sources, includeTyping }, { $id: 'NodesRequest' }),
  Type.Object({ items: nodes, typing }, { $id: 'Nodes' }),
  Type.Object(
    {
      items: nodes,
      typing,
      nextCursor: Type.Optional(Type.String({ description: 'Asks for the next page; absent on the last.' })),
    },
    { $id: 'NodePage' },
  ),
  Type.Object({ items: several('NodeId') }, { $id: 'NodeIds' }),
  Type.Object(
    { items: Type.Array(Type.Ref('NodeId'), { description: 'The nodes that were deleted.' }) },
    { $id: 'NodesDeleted' },
  ),
];
