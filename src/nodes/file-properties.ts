import { KonturError } from '#contract/errors';
import {
  type CogniteFileProperties,
  type CogniteFileWrite,
  UPLOAD_PROPERTIES,
  WRITABLE_PROPERTIES,
} from '#contract/files/cognite-file';
import { shorten } from './shorten.ts';

/** Name of a file whose node has no name (docs/contract.md#instances-flow). */
const NAME_OF_UNNAMED = 'untitled';

/**
 * Checks the properties that a client gives, and spells times as answers do.
 *
 * @param place path of the properties in the request, for messages
 * @throws KonturError `not-supported` for properties that are not kept, `invalid-request` for times that do not exist
 */
export function checkFileProperties(properties: CogniteFileWrite, place: string): CogniteFileWrite {
  for (const name of Object.keys(properties)) refuseUnlessWritable(name, place);
  const checked = { ...properties };
  for (const name of ['sourceCreatedTime', 'sourceUpdatedTime'] as const) {
    const text = properties[name];
    if (text != null) checked[name] = toTimestamp(toEpochMs(text, `${place}.${name}`));
  }
  return checked;
}

/** Converts the properties of a node to columns of its file. */
export function toFileColumns({ name, mimeType, directory, ...times }: CogniteFileProperties) {
  const { sourceCreatedTime, sourceUpdatedTime } = times;
  return {
    name: name ?? NAME_OF_UNNAMED,
    mime_type: mimeType ?? null,
    directory: directory ?? null,
    source_created_time: sourceCreatedTime === undefined ? null : Date.parse(sourceCreatedTime),
    source_modified_time: sourceUpdatedTime === undefined ? null : Date.parse(sourceUpdatedTime),
  };
}

/** Formats a time as data modelling does. The offset is written out, because Python before 3.11 does not parse `Z`. */
export function toTimestamp(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '+00:00');
}

function refuseUnlessWritable(name: string, place: string): void {
  if (WRITABLE_PROPERTIES.includes(name)) return;
  const reason = UPLOAD_PROPERTIES.includes(name)
    ? 'is set by the upload of the content and cannot be written'
    : `is not kept by this server, which keeps of a CogniteFile: ${WRITABLE_PROPERTIES.join(', ')}`;
  throw new KonturError('not-supported', `${place}.${shorten(name)} ${reason}.`);
}

/** The schema has checked the form; the column cannot hold times before 1970. */
function toEpochMs(text: string, place: string): number {
  const epochMs = Date.parse(/(Z|[+-]\d{2}:\d{2})$/.test(text) ? text : `${text}Z`);
  if (epochMs >= 0) return epochMs;
  throw new KonturError('invalid-request', `${place} must be a time that there is, from 1970 on, got "${text}".`);
}
