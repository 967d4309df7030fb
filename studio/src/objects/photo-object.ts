import type { BoundingBox } from '#contract/vision/prompt';

/** A point of a prompt, as fractions of the upright photo; label 1 marks the object, 0 what is not it. */
export interface PromptPoint {
  x: number;
  y: number;
  label: 0 | 1;
}

/** What marks an object: points and a box, in fractions of the upright photo. */
export interface ObjectPrompt {
  points: readonly PromptPoint[];
  boundingBox?: BoundingBox;
}

/** A position as fractions of the upright photo. */
export interface UnitPosition {
  x: number;
  y: number;
}

/** One answer to a prompt. */
export interface Outline {
  /** The model's estimate of how good it is, 0..1. */
  score: number;
  /** Detached parts, each with its outer ring first and its holes after it, in fractions of the upright photo. */
  parts: readonly (readonly (readonly UnitPosition[])[])[];
  /** Polygons as a job answers them: holes cut in by seams. */
  polygons: readonly (readonly UnitPosition[])[];
}

/** Whether somebody has looked at an annotation, and what they said of it. */
export type AnnotationStatus = 'suggested' | 'approved' | 'rejected';

/** The annotation that an object was saved as, as the server had it last. */
export interface SavedAnnotation {
  id: number;
  /** In milliseconds since 1970; it grows with every change, so that a change of someone else is noticed. */
  lastUpdatedTime: number;
  status: AnnotationStatus;
  label?: string;
  /** The outline that was saved. */
  parts: Outline['parts'];
  /** Who changed it last. */
  updatedBy?: string;
}

/** An object on a photo. */
export interface PhotoObject {
  id: string;
  prompt: ObjectPrompt;
  /** Answers to the prompt, best first; empty until the first has come. */
  outlines: readonly Outline[];
  /** Whether an answer to the prompt has come; one without outlines says that nothing is there. */
  answered?: boolean;
  /** Index in `outlines` of the one that counts. */
  chosen: number;
  label?: string;
  hidden?: boolean;
  locked?: boolean;
  /** Whether its outline was changed by hand after the answer had come. */
  byHand?: boolean;
  /** Whether work on it was ended once; until then, dropping its prompt deletes it. */
  finished?: boolean;
  /** The job that it was posted as and whose end was not seen yet. */
  postedJobId?: number;
  /** The job that it was saved as; undefined while it is in this browser alone. */
  jobId?: number;
  /** The annotation that it was saved as, which an object with a label is. */
  annotation?: SavedAnnotation;
}

/** What is noted about an object without a step that can be undone: its jobs, and that work on it has ended. */
export type ObjectNote = Pick<PhotoObject, 'jobId' | 'postedJobId' | 'finished'>;

/** The outline of an object that counts; undefined until there is one. */
export const outlineOf = ({ outlines, chosen }: Pick<PhotoObject, 'outlines' | 'chosen'>): Outline | undefined =>
  outlines[chosen];

/** Number of vertices of an outline, as a job would answer it. */
export const countVertices = ({ polygons }: Outline): number => polygons.reduce((sum, { length }) => sum + length, 0);

/** Whether a prompt says nothing, so that there is nothing to ask. */
export const isEmptyPrompt = ({ points, boundingBox }: ObjectPrompt): boolean =>
  boundingBox === undefined && !points.some(({ label }) => label === 1);

/** Whether two prompts ask for the same, value by value. */
export const samePrompt = (one: ObjectPrompt, other: ObjectPrompt): boolean => promptKey(one) === promptKey(other);

function promptKey({ points, boundingBox: box }: ObjectPrompt): string {
  return JSON.stringify([
    points.map(({ x, y, label }) => [x, y, label]),
    box && [box.xMin, box.yMin, box.xMax, box.yMax],
  ]);
}

/** Whether an object is worth saving and is not saved as it is now: with a label as an annotation, without as a job. */
export function isUnsaved({ label, jobId, annotation, ...object }: PhotoObject): boolean {
  const outline = outlineOf(object);
  if (outline === undefined) return false;
  if (annotation !== undefined) return annotation.label !== label || !sameParts(annotation.parts, outline.parts);
  return label !== undefined || jobId === undefined;
}

/** Whether an object is saved as it is now. */
export const isSaved = (object: PhotoObject): boolean =>
  (object.annotation !== undefined || object.jobId !== undefined) && !isUnsaved(object);

/** Whether two outlines are the same, vertex by vertex. */
export function sameParts(one: Outline['parts'], other: Outline['parts']): boolean {
  if (one === other) return true;
  const isSameRing = (ring: readonly UnitPosition[], otherRing: readonly UnitPosition[] | undefined) =>
    ring.length === otherRing?.length &&
    ring.every(({ x, y }, place) => x === otherRing[place]?.x && y === otherRing[place]?.y);
  return (
    one.length === other.length &&
    one.every(
      (rings, part) =>
        rings.length === other[part]?.length && rings.every((ring, place) => isSameRing(ring, other[part]?.[place])),
    )
  );
}
