import type { Annotation, AnnotationCreate, AnnotationStatus } from '#contract/annotations/annotation';
import { toWireAnnotation } from '../../../annotations/annotation-record.ts';
import type { Principal } from '../../../auth/principal.ts';
import type { AppDependencies } from '../../app-dependencies.ts';
import { checkResourceType, findAnnotatedFiles } from './permitted-annotations.ts';

/**
 * Creates annotations, all with this status, or else each with its own, on files that the principal may read.
 *
 * @throws KonturError `not-supported`, `forbidden`, `files-not-found`; as `createAnnotations` does
 */
export async function writeNewAnnotations(
  { files, annotations }: Pick<AppDependencies, 'files' | 'annotations'>,
  principal: Principal,
  items: (Omit<AnnotationCreate, 'status'> & { status: AnnotationStatus })[],
): Promise<{ items: Annotation[] }> {
  for (const { annotatedResourceType } of items) checkResourceType(annotatedResourceType);
  const references = items.map(({ annotatedResourceId: id }) => ({ id }));
  await findAnnotatedFiles({ files }, principal, references);
  const created = await annotations.create(
    principal.project,
    items.map(
      ({ annotatedResourceId, annotationType, status, data, creatingApp, creatingAppVersion, creatingUser }) => ({
        fileId: annotatedResourceId,
        annotationType,
        status,
        data,
        creatingApp,
        creatingAppVersion,
        creatingUser,
      }),
    ),
    { by: principal.subject },
  );
  return { items: created.map(toWireAnnotation) };
}
