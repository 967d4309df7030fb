import type { SourceReference } from '#contract/data-modelling/instances';
import { KonturError } from '#contract/errors';
import { shorten } from './shorten.ts';

const FILE_VIEW = { type: 'view', space: 'cdf_cdm', externalId: 'CogniteFile', version: 'v1' } as const;

/**
 * Checks that the reference names the view of files.
 *
 * @param place path of the reference in the request, for messages
 * @throws KonturError `not-supported` for every other view and for containers
 */
export function checkFileView(source: SourceReference, place: string): void {
  const { type, space, externalId, version } = source;
  const isFileView =
    type === FILE_VIEW.type &&
    space === FILE_VIEW.space &&
    externalId === FILE_VIEW.externalId &&
    version === FILE_VIEW.version;
  if (isFileView) return;
  const name = [space, externalId, version].filter((part) => part !== undefined).join('/');
  throw new KonturError(
    'not-supported',
    `${place} is the ${type} ${shorten(name)}, which lies outside of what this server offers of data modelling: ` +
      'nodes are written and read through the view cdf_cdm/CogniteFile/v1 and no other.',
  );
}

/**
 * Whether the properties of files are asked for.
 *
 * @throws KonturError `not-supported` as `checkFileView` does
 */
export function selectsFileView(sources: { source: SourceReference }[] | undefined): boolean {
  for (const [index, { source }] of (sources ?? []).entries()) checkFileView(source, `sources[${index}]`);
  return (sources ?? []).length > 0;
}
