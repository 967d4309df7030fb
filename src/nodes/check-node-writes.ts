import type { NodeWrite } from '#contract/data-modelling/instances';
import { KonturError } from '#contract/errors';
import type { CogniteFileWrite } from '#contract/files/cognite-file';
import type { InstanceId } from '#contract/files/file-reference';
import { checkText } from '../files/check-text.ts';
import { checkFileProperties } from './file-properties.ts';
import { checkFileView } from './file-view.ts';
import { nodeKey } from './node-record.ts';

/** A node to write, with the properties of its file. */
export interface CheckedWrite extends InstanceId {
  existingVersion?: number;
  properties: CogniteFileWrite;
}

/**
 * Checks nodes to write without reading existing ones.
 *
 * @throws KonturError `not-supported` for what lies outside of the subset, which the message describes;
 *   `invalid-request` for a node that is given twice and for text that cannot be stored
 */
export function checkNodeWrites(nodes: NodeWrite[]): CheckedWrite[] {
  checkText(nodes, 'items');
  refuseRepeated(nodes);
  return nodes.map(({ space, externalId, existingVersion, type, sources = [] }, index) => {
    const place = `items[${index}]`;
    if (type !== undefined) {
      throw new KonturError(
        'not-supported',
        `${place}.type is a relation to another node, which this server does not keep.`,
      );
    }
    if (sources.length === 0) {
      throw new KonturError(
        'not-supported',
        `${place} has no sources. This server keeps nodes that are files: give the view cdf_cdm/CogniteFile/v1 as a source, ` +
          'with properties or without.',
      );
    }
    const given = sources.map(({ source, properties = {} }, number) => {
      checkFileView(source, `${place}.sources[${number}].source`);
      return checkFileProperties(properties, `${place}.sources[${number}].properties`);
    });
    return { space, externalId, existingVersion, properties: Object.assign({}, ...given) };
  });
}

function refuseRepeated(nodes: NodeWrite[]): void {
  const seen = new Map<string, number>();
  for (const [index, node] of nodes.entries()) {
    const twin = seen.get(nodeKey(node));
    if (twin !== undefined) {
      throw new KonturError(
        'invalid-request',
        `items[${twin}] and items[${index}] are the same node, ${node.space}:${node.externalId}; each may be given once.`,
      );
    }
    seen.set(nodeKey(node), index);
  }
}
