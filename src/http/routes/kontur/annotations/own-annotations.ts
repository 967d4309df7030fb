import type { NamedAnnotation, NewObject, ObjectChange } from '#contract/annotations/named-annotation';
import { defined } from '#contract/defined';
import { KonturError } from '#contract/errors';
import { type AnnotationRecord, toWireAnnotation } from '../../../../annotations/annotation-record.ts';
import { ChangedMeanwhile } from '../../../../annotations/changed-meanwhile.ts';
import type { Choices } from '../../../../annotations/choices.ts';
import { authorise, isAuthorised, readableDataSets } from '../../../../auth/authorise.ts';
import type { Principal } from '../../../../auth/principal.ts';
import { packageVersion } from '../../../../runtime/package-version.ts';
import type { AppDependencies } from '../../../app-dependencies.ts';
import { findAnnotatedFiles, findPermittedAnnotations } from '../../annotations/permitted-annotations.ts';
import {
  areaOf,
  breathe,
  changedData,
  type ListedChange,
  type NamedAnnotations,
  OBJECT_TYPE,
  toNamedAnnotation,
  toObjectData,
} from './named-annotations.ts';

const WRITE = { acl: 'annotationsAcl', action: 'WRITE' } as const;
const REVIEW = { acl: 'annotationsAcl', action: 'REVIEW' } as const;
const SUGGEST = { acl: 'annotationsAcl', action: 'SUGGEST' } as const;

type Stores = Pick<AppDependencies, 'files' | 'annotations'> & { choices: Choices };

/** Creates the operations on annotations that this server keeps, each with the rights that it needs. */
export function createOwnAnnotations({ files, annotations, choices }: Stores): NamedAnnotations {
  const stores = { files, annotations };
  const version = packageVersion();

  async function name(project: string, records: AnnotationRecord[]): Promise<NamedAnnotation[]> {
    const entries = await findFiles(project, records);
    return records.map((record) => {
      const { outline, byHand, createdBy, updatedBy, fileId } = record;
      const fileName = entries.get(fileId)?.name ?? null;
      return toNamedAnnotation(toWireAnnotation(record), { outline, byHand, createdBy, updatedBy, fileName });
    });
  }

  async function findFiles(project: string, records: readonly { fileId: number }[]) {
    const references = [...new Set(records.map(({ fileId }) => fileId))].map((id) => ({ id }));
    if (references.length === 0) return new Map<number, { name: string; dataSetId?: number }>();
    const found = await files.find(project, references, { ignoreUnknownIds: true });
    return new Map(found.map((file) => [file.id, file]));
  }

  async function keepChoices(project: string, by: string, items: NewObject[], records: AnnotationRecord[]) {
    const entries = await findFiles(project, records);
    const chosen = records.flatMap(({ id, fileId }, index) => {
      const { label, rings, origin, byHand = false } = defined(items[index], 'object that was saved');
      if (origin === undefined) return [];
      const { token = null, rank = origin.segment ?? null } = origin;
      const dataSetId = entries.get(fileId)?.dataSetId ?? null;
      return { annotationId: id, label, dataSetId, area: areaOf(rings), token, rank, corrected: byHand };
    });
    await choices.keep(project, chosen, by);
  }

  return {
    async list({ principal }, { fileId, limit, cursor, dataSetId, ...filter }) {
      const { project } = principal;
      if (fileId !== undefined) await findAnnotatedFiles(stores, principal, [{ id: fileId }]);
      const visibility = fileId === undefined ? { dataSetIds: readableDataSets(principal) } : {};
      const conditions = {
        ...filter,
        ...(fileId !== undefined && { fileIds: [fileId] }),
        ...(dataSetId !== undefined && { dataSetIds: [dataSetId] }),
      };
      const page = await annotations.list(project, { filter: conditions, order: 'newest', limit, cursor }, visibility);
      return { ...page, items: await name(project, page.items) };
    },

    async create({ principal }, items) {
      const { project, subject } = principal;
      if (!isAuthorised(principal, WRITE)) {
        authorise(principal, items.every(({ status }) => status === 'suggested') ? SUGGEST : WRITE);
      }
      await findAnnotatedFiles(
        stores,
        principal,
        items.map(({ fileId: id }) => ({ id })),
      );
      const created = [];
      for (const [index, { fileId, status = 'approved', rings, byHand, origin, ...item }] of items.entries()) {
        created.push({
          ...{ fileId, status, byHand, outline: rings, annotationType: OBJECT_TYPE },
          ...(origin && { origin }),
          data: toObjectData({ ...item, rings }, `items[${index}]`),
          ...{ creatingApp: 'kontur', creatingAppVersion: version, creatingUser: subject.slice(0, 255) },
        });
        await breathe();
      }
      const records = await annotations.create(project, created, { by: subject });
      await keepChoices(project, subject, items, records);
      return name(project, records);
    },

    async change({ principal }, items) {
      const { project, subject } = principal;
      const ids = items.map(({ id }) => id);
      const before = await findPermittedAnnotations(stores, principal, ids);
      if (!isAuthorised(principal, WRITE)) authorise(principal, items.every(changesOnlyStatus) ? REVIEW : WRITE);
      const changes = [];
      for (const [index, item] of items.entries()) {
        const record = defined(before[index], 'annotation to change');
        const data = changedData(record, item, `items[${index}]`);
        changes.push({
          ...{ id: item.id, status: item.status, byHand: item.byHand, data, outline: item.rings },
          // Data is made from what was read, so that it must still be that.
          lastUpdatedTime: item.lastUpdatedTime ?? (data && record.lastUpdatedTime),
        });
        await breathe();
      }
      const after = await annotations.change(project, changes, { by: subject }).catch(async (error: unknown) => {
        if (!(error instanceof ChangedMeanwhile)) throw error;
        const current = await name(project, error.current);
        throw new KonturError('changed-meanwhile', error.message, { current });
      });
      const corrected = (await name(project, after)).map(({ id, label, rings = [] }, index) => {
        const { rings: drawn, label: renamed } = defined(items[index], 'change of the annotation');
        return (drawn ?? renamed) ? [{ annotationId: id, label: label ?? '', area: areaOf(rings) }] : [];
      });
      await choices.correct(project, corrected.flat());
      return name(project, after);
    },

    async restore({ principal }, ids) {
      authorise(principal, WRITE);
      await findPermittedAnnotations(stores, principal, ids, { deleted: true });
      return name(principal.project, await annotations.restore(principal.project, ids, { by: principal.subject }));
    },

    async readHistory({ principal }, id) {
      const found = await findPermittedAnnotations(stores, principal, [id]).catch(() =>
        findPermittedAnnotations(stores, principal, [id], { deleted: true }),
      );
      const entries = await annotations.readHistory(principal.project, id);
      // What a change left is what the next one replaced.
      let after: State = defined(found[0], 'annotation that was found');
      return entries.map(({ time, by, change, before }): ListedChange => {
        const { status, data } = after;
        const isOutlineChanged = before === null || shapeOf(before.data) !== shapeOf(data);
        after = before ?? after;
        const { label = null } = data as { label?: string };
        return { time, by, change, status, label, isOutlineChanged };
      });
    },

    async countFacets({ principal }, dataSetId) {
      const visibility = { dataSetIds: readableDataSets(principal) };
      return annotations.countFacets(principal.project, { dataSetId }, visibility);
    },

    async eraseChoices({ principal }, filter) {
      authorise(principal, WRITE);
      return choices.erase(principal.project, filter, readableDataSets(principal as Principal));
    },
  };
}

type State = Pick<AnnotationRecord, 'status' | 'data'>;

const shapeOf = ({ boundingBox, polygon, polyline }: AnnotationRecord['data']): string =>
  JSON.stringify([boundingBox, polygon, polyline]);

const changesOnlyStatus = ({ id: _, lastUpdatedTime: __, status: ___, ...rest }: ObjectChange): boolean =>
  Object.values(rest).every((value) => value === undefined);
