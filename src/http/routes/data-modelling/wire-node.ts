import type { Node } from '#contract/data-modelling/instances';
import { COGNITE_FILE_TYPES } from '#contract/files/cognite-file';
import type { NodeRecord } from '../../../nodes/node-record.ts';

/** Converts nodes to their wire form. Properties and their types are included only if a source was asked for. */
export function toWireNodes(
  nodes: NodeRecord[],
  { withProperties, includeTyping }: { withProperties: boolean; includeTyping?: boolean },
): { items: Node[]; typing?: object } {
  const items = nodes.map(
    ({ properties, ...node }): Node => ({
      instanceType: 'node',
      ...node,
      properties: withProperties ? { cdf_cdm: { 'CogniteFile/v1': properties } } : {},
    }),
  );
  if (!includeTyping) return { items };
  return { items, typing: withProperties ? { cdf_cdm: { 'CogniteFile/v1': describeTypes() } } : {} };
}

const TYPES = {
  text: { type: 'text', list: false, collation: 'ucs_basic' },
  'text list': { type: 'text', list: true, collation: 'ucs_basic' },
  timestamp: { type: 'timestamp', list: false },
  boolean: { type: 'boolean', list: false },
};

function describeTypes() {
  const common = { nullable: true, immutable: false, autoIncrement: false };
  return Object.fromEntries(
    Object.entries(COGNITE_FILE_TYPES).map(([name, type]) => [name, { type: TYPES[type], ...common }]),
  );
}
