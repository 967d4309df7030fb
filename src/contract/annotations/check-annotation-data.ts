import { KonturError } from '../errors.ts';
import {
  ANNOTATION_DATA_SCHEMAS,
  ANNOTATION_PARTS,
  ANNOTATION_TYPES,
  AnnotationAttributeSchema,
  type AnnotationData,
  type AnnotationType,
} from './annotation-data.ts';
import { type FitRule, fitSchema } from './fit-schema.ts';
import { type AnnotationBoundingBox, AnnotationBoundingBoxSchema } from './geometry.ts';

/**
 * Checks `data` against the schema of its annotation type. Keys of the schema may be written in snake_case, as a helper
 * of the Python client does; nulls count as absent (docs/contract.md#annotations-data).
 *
 * @param place path of the data in the request, for messages
 * @returns the type, and a copy of the data with keys in camelCase and without nulls
 * @throws KonturError `invalid-request` that says where and what; `not-supported` for a type that this server does not
 *   keep
 */
export function checkAnnotationData(
  type: string,
  data: AnnotationData,
  place: string,
): { annotationType: AnnotationType; data: AnnotationData } {
  const annotationType = checkAnnotationType(type);
  const schema = ANNOTATION_DATA_SCHEMAS[annotationType];
  return { annotationType, data: fitSchema(data, schema, place, { parts: PARTS, rules: RULES }) };
}

/**
 * Checks that this server keeps annotations of this type.
 *
 * @throws KonturError `not-supported`, which names the types that it keeps
 */
export function checkAnnotationType(type: string): AnnotationType {
  if (Object.hasOwn(ANNOTATION_DATA_SCHEMAS, type)) return type as AnnotationType;
  throw new KonturError(
    'not-supported',
    `This server keeps annotations of photos, none of the type ${type}. Use ${ANNOTATION_TYPES.join(', ')}.`,
  );
}

const PARTS = new Map(ANNOTATION_PARTS.map((schema) => [(schema as { $id?: string }).$id ?? '', schema]));
const RULES = new Map<object, FitRule>([
  [AnnotationBoundingBoxSchema, (box) => describeBox(box as AnnotationBoundingBox)],
  [AnnotationAttributeSchema, ({ type, value }) => describeAttribute(type, value)],
]);

function describeBox({ xMin, xMax, yMin, yMax }: AnnotationBoundingBox): string | undefined {
  if (xMin >= xMax) return `must have xMin < xMax, got ${xMin} and ${xMax}`;
  return yMin < yMax ? undefined : `must have yMin < yMax, got ${yMin} and ${yMax}`;
}

function describeAttribute(type: unknown, value: unknown): string | undefined {
  const needed = type === 'boolean' ? 'boolean' : 'number';
  if (typeof value === needed) return undefined;
  return `is ${type}, so its value must be ${type === 'boolean' ? 'true or false' : 'a number'}, got ${JSON.stringify(value)}`;
}
