import { ANNOTATION_PARTS, type AnnotationData } from './annotation-data.ts';

/** Keys of the schemas, those of snake_case among them that clients write instead. */
const KEYS = new Map(
  ANNOTATION_PARTS.flatMap((schema) => Object.keys((schema as { properties?: object }).properties ?? {})).map((key) => [
    key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    key,
  ]),
);
/** Their keys are names that clients choose. */
const MAPS = new Set(['keypoints', 'attributes']);

/**
 * A condition on `data` as annotations are stored: keys of the schemas in camelCase, however they are written, and no
 * nulls, which are no condition.
 */
export function toFilterData(data: AnnotationData): AnnotationData {
  const entries = Object.entries(data).filter(([, value]) => value !== null);
  return Object.fromEntries(
    entries.map(([key, value]) => [
      KEYS.get(key) ?? key,
      MAPS.has(key) || !isObject(value) ? value : toFilterData(value),
    ]),
  );
}

const isObject = (value: unknown): value is AnnotationData =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
