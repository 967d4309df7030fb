import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { AnnotationConditions } from '#contract/annotations/annotation';
import type { Schema } from '../database/schema.ts';
import { checkText } from '../files/check-text.ts';

/** Conditions on annotations, all of which have to be met. */
export interface AnnotationFilter extends AnnotationConditions {
  /** On one of these files. */
  fileIds?: readonly number[];
  /** On a file in one of these data sets. */
  dataSetIds?: readonly number[];
  /** `data.label`. */
  label?: string;
}

/** Whose annotations a query sees. */
export interface AnnotationVisibility {
  /** Only annotations on files in one of these data sets; if undefined, on every file. */
  dataSetIds?: readonly number[];
}

/** Keys of `data` that the index of the table leaves out. */
const SHAPES = sql`'{boundingBox,polygon,polyline,keypoints,objectRegion,textRegion}'::text[]`;

/**
 * Condition on `annotations`: of the project, not deleted, visible, and as the filter wants them.
 *
 * @throws KonturError `invalid-request` for text that no annotation can have
 */
export function annotationConditions(project: string, filter: AnnotationFilter, visibility: AnnotationVisibility = {}) {
  checkText(filter, 'filter');
  return (annotations: ExpressionBuilder<Schema, 'annotations'>): Expression<SqlBool> => {
    const { fileIds, annotationType, status, creatingApp, creatingAppVersion, creatingUser, label, data } = filter;
    const conditions: Expression<SqlBool>[] = [
      annotations('annotations.project', '=', project),
      annotations('annotations.deleted_time', 'is', null),
    ];
    if (fileIds !== undefined) conditions.push(sql<boolean>`annotations.file_id = any(${[...fileIds]}::bigint[])`);
    const exact = {
      annotation_type: annotationType,
      status,
      creating_app: creatingApp,
      creating_app_version: creatingAppVersion,
      creating_user: creatingUser ?? undefined,
    };
    for (const [column, value] of Object.entries(exact)) {
      if (value !== undefined) conditions.push(sql<boolean>`${sql.ref(`annotations.${column}`)} = ${value}`);
    }
    if (creatingUser === null) conditions.push(annotations('annotations.creating_user', 'is', null));
    if (label !== undefined) conditions.push(sql<boolean>`annotations.data ->> 'label' = ${label}`);
    if (data !== undefined) conditions.push(...dataConditions(data));
    for (const ids of [filter.dataSetIds, visibility.dataSetIds]) {
      if (ids === undefined) continue;
      conditions.push(
        sql<boolean>`exists (
          select from files where files.id = annotations.file_id and files.data_set_id = any(${[...ids]}::bigint[])
        )`,
      );
    }
    return annotations.and(conditions);
  };
}

/** The first condition can be looked up in the index, the second is the rule. */
function dataConditions(data: Record<string, unknown>): Expression<SqlBool>[] {
  if (Object.keys(data).length === 0) return [];
  const text = JSON.stringify(data);
  return [
    sql<boolean>`(annotations.data - ${SHAPES}) @> (${text}::jsonb - ${SHAPES})`,
    sql<boolean>`annotations.data @> ${text}::jsonb`,
  ];
}
