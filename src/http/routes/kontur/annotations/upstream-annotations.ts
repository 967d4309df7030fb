import type { Annotation } from '#contract/annotations/annotation';
import { defined } from '#contract/defined';
import { KonturError } from '#contract/errors';
import type { UpstreamAnnotations } from '../../../../images/gateway/create-upstream-annotations.ts';
import type { Caller, UpstreamApi } from '../../../../images/gateway/create-upstream-api.ts';
import type { Reader } from '../../../../images/image-source.ts';
import { packageVersion } from '../../../../runtime/package-version.ts';
import {
  breathe,
  changedData,
  type NamedAnnotations,
  OBJECT_TYPE,
  toNamedAnnotation,
  toObjectData,
} from './named-annotations.ts';

/** Files whose annotations one page looks through. */
const FILES_OF_PAGE = 25;

/** Where a list goes on: files whose annotations are listed, and the page of them or of the files. */
interface Position {
  files?: number[];
  list?: string;
  lookup?: string;
}

/**
 * Creates the operations on annotations that an upstream keeps, with the caller's token, which the upstream checks. It
 * has no room for the outline, so rings come from the seamed polygon.
 */
export function createUpstreamAnnotations(
  upstream: UpstreamAnnotations & Pick<UpstreamApi, 'findFiles'>,
): NamedAnnotations {
  const version = packageVersion();

  async function name(caller: Caller, annotations: Annotation[]) {
    const fileIds = [...new Set(annotations.map(({ annotatedResourceId }) => annotatedResourceId))];
    const files = fileIds.length === 0 ? [] : await upstream.findFiles(caller, fileIds);
    const names = new Map(files.map((file) => [file.id, file.name]));
    return annotations.map((annotation) => {
      const { creatingUser, annotatedResourceId } = annotation;
      const fileName = names.get(annotatedResourceId) ?? null;
      const beside = { outline: null, byHand: false, createdBy: creatingUser, updatedBy: null, fileName };
      return toNamedAnnotation(annotation, beside);
    });
  }

  return {
    async list(reader, { fileId, dataSetId, label, status, creatingUser, annotationType, limit, cursor }) {
      const caller = toCaller(reader);
      const conditions = {
        ...(status !== undefined && { status }),
        ...(creatingUser !== undefined && { creatingUser }),
        ...(annotationType !== undefined && { annotationType }),
        ...(label !== undefined && { data: { label } }),
      };
      const { list, lookup, ...position } = cursor === undefined ? {} : decode(cursor);
      let next: string | undefined;
      let files = fileId === undefined ? position.files : [fileId];
      if (files === undefined) {
        const page = await upstream.findAnnotatedFiles(caller, { conditions, dataSetId }, FILES_OF_PAGE, lookup);
        files = page.fileIds;
        next = page.nextCursor;
      } else {
        next = lookup;
      }
      if (files.length === 0) return { items: [], ...(next && { nextCursor: encode({ lookup: next }) }) };
      const page = await upstream.listAnnotations(caller, files, conditions, limit, list);
      const items = await name(caller, page.items);
      const rest = {
        ...(page.nextCursor && { files, list: page.nextCursor }),
        ...(next && { lookup: next }),
      };
      return { items, ...(Object.keys(rest).length > 0 && { nextCursor: encode(rest) }) };
    },

    async create(reader, items) {
      const caller = toCaller(reader);
      const created = [];
      for (const [index, { fileId, status = 'approved', ...item }] of items.entries()) {
        created.push({
          annotatedResourceType: 'file',
          annotatedResourceId: fileId,
          annotationType: OBJECT_TYPE,
          status,
          data: toObjectData(item, `items[${index}]`),
          ...{ creatingApp: 'kontur', creatingAppVersion: version },
          creatingUser: reader.principal.subject.slice(0, 255),
        });
        await breathe();
      }
      return name(caller, await upstream.createAnnotations(caller, created));
    },

    async change(reader, items) {
      const caller = toCaller(reader);
      const before = await upstream.findAnnotations(
        caller,
        items.map(({ id }) => id),
      );
      const overtaken = before.filter(({ lastUpdatedTime }, index) => {
        return (items[index]?.lastUpdatedTime ?? lastUpdatedTime) !== lastUpdatedTime;
      });
      if (overtaken.length > 0) {
        const ids = overtaken.map(({ id }) => id).join(', ');
        throw new KonturError(
          'changed-meanwhile',
          `Changed since they were read: annotations ${ids}. Read them again and repeat the change on what they are now.`,
          { current: await name(caller, overtaken) },
        );
      }
      const changes = [];
      for (const [index, item] of items.entries()) {
        const data = changedData(defined(before[index], 'annotation to change'), item, `items[${index}]`);
        const update = { ...(item.status && { status: { set: item.status } }), ...(data && { data: { set: data } }) };
        changes.push({ id: item.id, update });
        await breathe();
      }
      return name(caller, await upstream.updateAnnotations(caller, changes));
    },

    restore: async () => refuse('brings deleted annotations back'),
    readHistory: async () => refuse('keeps a history of annotations'),
    countFacets: async () => refuse('counts annotations by label, status and person'),
    eraseChoices: async () => refuse('keeps what was chosen'),
  };
}

function refuse(does: string): never {
  throw new KonturError(
    'not-offered',
    `In gateway mode annotations are kept by the upstream, whose API has no operation that ${does}.`,
  );
}

const toCaller = ({ principal: { project }, authorization }: Reader): Caller => ({ project, authorization });

const encode = (position: Position): string => Buffer.from(JSON.stringify(position)).toString('base64url');

function decode(cursor: string): Position {
  try {
    const { files, list, lookup } = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const isText = (value: unknown) => value === undefined || typeof value === 'string';
    const areFiles =
      files === undefined ||
      (Array.isArray(files) && files.length <= FILES_OF_PAGE && files.every(Number.isSafeInteger));
    if (areFiles && isText(list) && isText(lookup)) return { files, list, lookup };
  } catch {
    // Answered as any other text that is no cursor.
  }
  throw new KonturError('invalid-request', 'The cursor is not one of this list. Start without a cursor.');
}
