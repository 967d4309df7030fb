import type { AnnotationStatus, Outline, PhotoObject, SavedAnnotation, UnitPosition } from '../objects/photo-object.ts';

/** States of an annotation, in the order of the filter. */
export const ANNOTATION_STATUSES = ['suggested', 'approved', 'rejected'] as const satisfies AnnotationStatus[];

/** An annotation as Kontur's own routes answer it. */
export interface Annotation {
  id: number;
  annotatedResourceId: number;
  annotationType: string;
  status: AnnotationStatus;
  creatingApp: string;
  creatingUser: string | null;
  data: AnnotationData;
  /** In milliseconds since 1970, as all times. */
  createdTime: number;
  lastUpdatedTime: number;
  /** Null where annotations of the type have none. */
  label: string | null;
  /** Detached parts, each with its outer ring first and its holes after it; missing for geometry that is no area. */
  rings?: Outline['parts'];
  byHand?: boolean;
  createdBy?: string | null;
  updatedBy?: string | null;
  fileName?: string | null;
}

interface Box {
  xMin: number;
  yMin: number;
  xMax: number;
  yMax: number;
}

/** What of the data of annotations is drawn, in fractions of the upright photo. */
interface AnnotationData {
  confidence?: number | null;
  polygon?: { vertices: UnitPosition[] };
  polyline?: { vertices: UnitPosition[] };
  boundingBox?: Box;
  textRegion?: Box;
}

/** What an annotation covers of its photo: its outline, else its box; empty for one that is no area. */
export function partsOf({ rings, data }: Pick<Annotation, 'rings' | 'data'>): Outline['parts'] {
  if (rings !== undefined) return rings;
  const box = data.boundingBox ?? data.textRegion;
  if (box === undefined) return [];
  const { xMin, yMin, xMax, yMax } = box;
  const corner = (x: number, y: number) => ({ x, y });
  return [[[corner(xMin, yMin), corner(xMax, yMin), corner(xMax, yMax), corner(xMin, yMax)]]];
}

/** Who changed an annotation last, as far as the server knows. */
export const lastAuthor = ({ updatedBy, createdBy, creatingUser }: Annotation): string | undefined =>
  updatedBy ?? createdBy ?? creatingUser ?? undefined;

/** What an object of a photo keeps of its annotation. */
export const toSaved = (annotation: Annotation): SavedAnnotation => {
  const { id, lastUpdatedTime, status, label } = annotation;
  const updatedBy = lastAuthor(annotation);
  return {
    id,
    lastUpdatedTime,
    status,
    parts: partsOf(annotation),
    ...(label !== null && { label }),
    ...(updatedBy !== undefined && { updatedBy }),
  };
};

/** Label, outline and annotation of an object that shows an annotation as the server has it. */
export function asSaved(annotation: Annotation): Omit<PhotoObject, 'id' | 'prompt'> & Pick<PhotoObject, 'prompt'> {
  const saved = toSaved(annotation);
  const { data, byHand } = annotation;
  const outline: Outline = {
    score: data.confidence ?? 1,
    parts: saved.parts,
    polygons: data.polygon ? [data.polygon.vertices] : saved.parts.flatMap(([outer]) => (outer ? [outer] : [])),
  };
  return {
    prompt: { points: [] },
    outlines: [outline],
    answered: true,
    chosen: 0,
    label: saved.label,
    finished: true,
    annotation: saved,
    byHand: byHand || undefined,
  };
}
