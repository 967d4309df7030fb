import { isUnsaved, outlineOf, type PhotoObject, sameParts } from '../objects/photo-object.ts';
import { type Annotation, asSaved, partsOf, toSaved } from './annotation.ts';

/** How the objects of a photo become those that the server has of it, without losing what was not saved. */
export interface Merge {
  /** Objects that only the server has, lowest first. */
  added: PhotoObject[];
  /** Objects that nobody has changed here, and how the server has them now. */
  renewed: { id: string; change: Partial<PhotoObject> }[];
  /** Objects that nobody has changed here and the server no longer has. */
  gone: string[];
  /** Objects that were changed here and that the server no longer has: saving makes them once more. */
  orphaned: string[];
  /** Objects that were changed here and by somebody else, and what the other has made of them. */
  conflicts: { id: string; theirs: Annotation }[];
}

/** Id of the object that shows an annotation of the server. */
const objectId = (annotationId: number) => `annotation-${annotationId}`;

/** Whether the photo shows annotations of this kind as objects: things with a label and an area. */
const isShown = (annotation: Annotation) =>
  annotation.annotationType === 'images.ObjectDetection' &&
  annotation.status !== 'rejected' &&
  partsOf(annotation).length > 0;

/**
 * Compares the objects of a photo with the annotations that the server has of it.
 *
 * @param annotations all of the photo, the one that was changed last first
 */
export function mergeAnnotations(objects: readonly PhotoObject[], annotations: readonly Annotation[]): Merge {
  const byId = new Map(annotations.map((annotation) => [annotation.id, annotation]));
  const merge: Merge = { added: [], renewed: [], gone: [], orphaned: [], conflicts: [] };
  const shown = new Set<number>();
  for (const object of objects) {
    const { id, annotation: saved } = object;
    if (saved === undefined) continue;
    const now = byId.get(saved.id);
    const isChanged = isUnsaved(object);
    // Kept by two tabs of this browser, of which one has made the annotation.
    if (shown.has(saved.id) && !isChanged) merge.gone.push(id);
    else if (now === undefined) (isChanged ? merge.orphaned : merge.gone).push(id);
    else if (now.lastUpdatedTime === saved.lastUpdatedTime) shown.add(saved.id);
    else if (!isChanged && !isShown(now)) merge.gone.push(id);
    else {
      shown.add(saved.id);
      if (isAsTheirs(object, now)) merge.renewed.push({ id, change: { annotation: toSaved(now) } });
      else if (!isChanged) merge.renewed.push({ id, change: asSaved(now) });
      else merge.conflicts.push({ id, theirs: now });
    }
  }
  for (const annotation of annotations.toReversed()) {
    if (shown.has(annotation.id) || !isShown(annotation)) continue;
    if (objects.some(({ annotation: saved }) => saved?.id === annotation.id)) continue;
    merge.added.push({ id: objectId(annotation.id), ...asSaved(annotation) });
  }
  return merge;
}

/** Whether an object is what somebody else has made of it. */
function isAsTheirs(object: PhotoObject, theirs: Annotation): boolean {
  return object.label === (theirs.label ?? undefined) && sameParts(outlineOf(object)?.parts ?? [], partsOf(theirs));
}
