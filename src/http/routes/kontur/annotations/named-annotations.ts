import { isDeepStrictEqual } from 'node:util';
import type { Annotation } from '#contract/annotations/annotation';
import type { AnnotationData } from '#contract/annotations/annotation-data';
import type {
  NamedAnnotation,
  NamedAnnotationQuery,
  NewObject,
  ObjectChange,
} from '#contract/annotations/named-annotation';
import { KonturError } from '#contract/errors';
import { polygonArea } from '#geometry/mask-polygon';
import { checkOutline } from '#outputs/check-outline';
import { type Outline, readOutline, toOutlinePolygon, toParts } from '#outputs/outline-polygon';
import type { AnnotationFacets } from '../../../../annotations/count-facets.ts';
import type { Reader } from '../../../../images/image-source.ts';

/** A change of an annotation, as its history shows it. */
export interface ListedChange {
  time: number;
  by: string;
  change: 'created' | 'updated' | 'deleted' | 'restored';
  status: string;
  label: string | null;
  isOutlineChanged: boolean;
}

/** Annotations with their whole outlines, wherever they are kept. */
export interface NamedAnnotations {
  list(reader: Reader, query: NamedAnnotationQuery): Promise<{ items: NamedAnnotation[]; nextCursor?: string }>;
  /** Saves objects: all or none. */
  create(reader: Reader, items: NewObject[]): Promise<NamedAnnotation[]>;
  /** Changes annotations: all or none; none if one has changed since it was read. */
  change(reader: Reader, items: ObjectChange[]): Promise<NamedAnnotation[]>;
  restore(reader: Reader, ids: number[]): Promise<NamedAnnotation[]>;
  readHistory(reader: Reader, id: number): Promise<ListedChange[]>;
  countFacets(reader: Reader, dataSetId: number | undefined): Promise<AnnotationFacets>;
  /** Erases what was kept of choices, and returns how many there were. */
  eraseChoices(reader: Reader, filter: { dataSetId?: number; label?: string }): Promise<number>;
}

/** Type of annotations that have an outline with a name. */
export const OBJECT_TYPE = 'images.ObjectDetection';

/** What an annotation of the wire does not have. */
export type Beside = Pick<NamedAnnotation, 'byHand' | 'createdBy' | 'updatedBy' | 'fileName'> & {
  outline: Outline | null;
};

/** Adds to an annotation what this server knows of it; rings are read back from its polygon where none are kept. */
export function toNamedAnnotation(annotation: Annotation, { outline, ...rest }: Beside): NamedAnnotation {
  const { label, polygon } = annotation.data as { label?: string; polygon?: Parameters<typeof readOutline>[0] };
  const rings = outline ?? (polygon && readOutline(polygon));
  return { ...annotation, label: label ?? null, ...(rings && { rings }), ...rest };
}

/**
 * The data of an object: its label and its outline as one polygon.
 *
 * @param place path of the object in the request, for messages
 * @throws KonturError `invalid-request` for an outline that is none
 */
export function toObjectData(
  { label, rings, score, attributes }: Pick<NewObject, 'label' | 'rings' | 'score' | 'attributes'>,
  place: string,
): AnnotationData {
  checkOutline(rings, `${place}.rings`);
  return {
    label,
    polygon: toOutlinePolygon(rings),
    ...(score !== undefined && { confidence: score }),
    ...(attributes !== undefined && { attributes }),
  };
}

/**
 * The data of an annotation after a change; undefined where it stays.
 *
 * @param place path of the change in the request, for messages
 * @throws KonturError `invalid-request` for an outline that is none, or a type that has no label or outline
 */
export function changedData(
  { annotationType, data }: Pick<Annotation, 'annotationType' | 'data'>,
  { label, rings, attributes }: ObjectChange,
  place: string,
): AnnotationData | undefined {
  if (label === undefined && rings === undefined && attributes === undefined) return undefined;
  if (annotationType !== OBJECT_TYPE && (rings !== undefined || attributes !== undefined || !('label' in data))) {
    throw new KonturError(
      'invalid-request',
      `${place} changes label, rings or attributes, but the annotation is of the type ${annotationType}. Change its data by annotations/update.`,
    );
  }
  const { boundingBox, polygon, polyline, ...others } = data;
  if (rings !== undefined) checkOutline(rings, `${place}.rings`);
  const geometry = rings === undefined ? { boundingBox, polygon, polyline } : { polygon: toOutlinePolygon(rings) };
  const all = { ...others, ...geometry, ...(label && { label }), ...(attributes && { attributes }) };
  const after = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return isDeepStrictEqual(after, data) ? undefined : after;
}

/** Area of all parts without their holes, as a fraction of the photo. */
export const areaOf = (outline: Outline): number => toParts(outline).reduce((sum, part) => sum + polygonArea(part), 0);

/** Lets other requests go on between two pieces of work on the main thread. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
