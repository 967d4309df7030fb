import { KonturError } from '#contract/errors';
import type { FileReference } from '#contract/files/file-reference';
import type { AnnotationRecord } from '../../../annotations/annotation-record.ts';
import type { FindAnnotationsOptions } from '../../../annotations/find-annotations.ts';
import { inIdOrder } from '../../../annotations/name-annotations.ts';
import { mayAccessFile } from '../../../auth/authorise.ts';
import type { Principal } from '../../../auth/principal.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { findPermittedFiles } from '../files/permitted-files.ts';

type Stores = Pick<AppDependencies, 'files' | 'annotations'>;

/**
 * Finds annotations by id, in that order, on files that the principal may read. Others are treated as if they did not
 * exist, so that their ids tell nothing.
 *
 * @throws KonturError `annotations-duplicated`, `answer-too-large`, `annotations-not-found`
 */
export async function findPermittedAnnotations(
  { files, annotations }: Stores,
  principal: Principal,
  ids: readonly number[],
  { deleted }: Pick<FindAnnotationsOptions, 'deleted'> = {},
): Promise<AnnotationRecord[]> {
  const found = await annotations.find(principal.project, ids, { ignoreUnknownIds: true, deleted });
  const readable = await readableFiles({ files }, principal, found);
  return inIdOrder(
    found.filter(({ fileId }) => readable.has(fileId)),
    ids,
  );
}

/**
 * Checks that annotations exist on files that the principal may read, without reading their data.
 *
 * @throws KonturError `annotations-duplicated`, `annotations-not-found`
 */
export async function checkPermittedAnnotations(
  { files, annotations }: Stores,
  principal: Principal,
  ids: readonly number[],
): Promise<void> {
  const found = await annotations.findFilesOf(principal.project, ids);
  const readable = await readableFiles({ files }, principal, found);
  inIdOrder(
    found.filter(({ fileId }) => readable.has(fileId)),
    ids,
  );
}

/** The ids of those files of annotations that the principal may read. */
async function readableFiles(
  { files }: Pick<Stores, 'files'>,
  principal: Principal,
  annotations: Pick<AnnotationRecord, 'fileId'>[],
): Promise<Set<number>> {
  const ids = [...new Set(annotations.map(({ fileId }) => fileId))];
  if (ids.length === 0) return new Set();
  const references = ids.map((id) => ({ id }));
  const found = await files.findEntries(principal.project, references, { ignoreUnknownIds: true });
  return new Set(found.filter((file) => mayAccessFile(principal, 'READ', file)).map(({ id }) => id));
}

/**
 * Finds the files that a request names as annotated resources, each once, and checks that the principal may read all.
 *
 * @returns their ids
 * @throws KonturError `not-supported` for 3D models; `forbidden`, `files-not-found`
 */
export async function findAnnotatedFiles(
  { files }: Pick<Stores, 'files'>,
  principal: Principal,
  references: FileReference[],
): Promise<number[]> {
  const each = new Map(references.map(({ id, externalId }) => [id ?? `=${externalId}`, { id, externalId }]));
  const found = await findPermittedFiles(files.findEntries, { principal, action: 'READ' }, [...each.values()]);
  return [...new Set(found.map(({ id }) => id))];
}

/**
 * Checks that a request is about files.
 *
 * @throws KonturError `not-supported` for 3D models
 */
export function checkResourceType(type: string): void {
  if (type === 'file') return;
  throw new KonturError(
    'not-supported',
    `This server keeps no 3D models, so that a ${type} cannot be annotated. Set annotatedResourceType to file.`,
  );
}
