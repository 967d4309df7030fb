import { Type } from 'typebox';
import { ANNOTATION_STATUSES, type Annotation } from '#contract/annotations/annotation';
import { KonturError } from '#contract/errors';
import { type Caller, inProject, sendToUpstream } from './create-upstream-api.ts';

/** The parts of answers that are used; anything else in them is ignored. */
const KnownAnnotation = Type.Object({
  id: Type.Integer({ minimum: 1 }),
  annotatedResourceId: Type.Integer({ minimum: 1 }),
  annotationType: Type.String(),
  status: Type.Enum([...ANNOTATION_STATUSES]),
  lastUpdatedTime: Type.Integer(),
  data: Type.Unsafe<Record<string, unknown>>({ type: 'object' }),
});
const Found = Type.Object({ items: Type.Array(KnownAnnotation) });
const nextCursor = Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'] }));
const Page = Type.Object({ items: Type.Array(KnownAnnotation), nextCursor });
const FilePage = Type.Object({ items: Type.Array(Type.Object({ id: Type.Integer({ minimum: 1 }) })), nextCursor });

/**
 * The Annotations API of the upstream, each operation with the caller's token and in one request, so that the upstream
 * carries it out whole or not at all.
 *
 * @throws KonturError each operation passes on the upstream's refusal, or throws `upstream-unavailable`,
 *   `upstream-incompatible`; one that writes also `upstream-unconfirmed`, if the connection broke
 */
export interface UpstreamAnnotations {
  /** Lists annotations of files that meet conditions; `nextCursor` is absent on the last page. */
  listAnnotations(
    caller: Caller,
    fileIds: number[],
    conditions: object,
    limit: number,
    cursor?: string,
  ): Promise<{ items: Annotation[]; nextCursor?: string }>;
  /** Finds files that have annotations which meet the conditions, or else all files of a data set. */
  findAnnotatedFiles(
    caller: Caller,
    search: { conditions: object; dataSetId: number | undefined },
    limit: number,
    cursor?: string,
  ): Promise<{ fileIds: number[]; nextCursor?: string }>;
  /** Finds annotations by id, in that order. */
  findAnnotations(caller: Caller, ids: number[]): Promise<Annotation[]>;
  /** Creates annotations; as suggestions if all are, which needs a smaller right. */
  createAnnotations(caller: Caller, items: { status: string }[]): Promise<Annotation[]>;
  updateAnnotations(caller: Caller, items: object[]): Promise<Annotation[]>;
}

/**
 * Creates the client of the upstream's Annotations API.
 *
 * @param upstream origin of the upstream; the token is sent nowhere else, and redirects are not followed
 */
export function createUpstreamAnnotations(upstream: string): UpstreamAnnotations {
  const annotatedResourceType = 'file';
  const post = <Schema extends typeof Found | typeof Page | typeof FilePage>(
    caller: Caller,
    { path, body, writes = false }: { path: string; body: object; writes?: boolean },
    schema: Schema,
  ) => {
    const request = { path: inProject(caller, path), authorization: caller.authorization, body, writes };
    return sendToUpstream(upstream, request, schema);
  };
  /** Unknown keys are kept: the whole annotation is answered. */
  const asAnnotations = ({ items }: { items: object[] }) => items as Annotation[];

  return {
    async listAnnotations(caller, fileIds, conditions, limit, cursor) {
      const annotatedResourceIds = fileIds.map((id) => ({ id }));
      const body = { filter: { annotatedResourceType, annotatedResourceIds, ...conditions }, limit, cursor };
      const page = await post(caller, { path: '/annotations/list', body }, Page);
      return { items: asAnnotations(page), ...(page.nextCursor && { nextCursor: page.nextCursor }) };
    },

    async findAnnotatedFiles(caller, { conditions, dataSetId }, limit, cursor) {
      const request =
        dataSetId === undefined
          ? {
              path: '/annotations/reverselookup',
              body: { filter: { annotatedResourceType, ...conditions }, limit, cursor },
            }
          : { path: '/files/list', body: { filter: { dataSetIds: [{ id: dataSetId }] }, limit, cursor } };
      const page = await post(caller, request, FilePage);
      return { fileIds: page.items.map(({ id }) => id), ...(page.nextCursor && { nextCursor: page.nextCursor }) };
    },

    async findAnnotations(caller, ids) {
      const body = { items: ids.map((id) => ({ id })) };
      const found = asAnnotations(await post(caller, { path: '/annotations/byids', body }, Found));
      const byId = new Map(found.map((annotation) => [annotation.id, annotation]));
      return ids.map((id) => byId.get(id) ?? incomplete());
    },

    async createAnnotations(caller, items) {
      const areSuggested = items.every(({ status }) => status === 'suggested');
      const body = areSuggested ? { items: items.map(({ status: _, ...item }) => item) } : { items };
      const path = areSuggested ? '/annotations/suggest' : '/annotations';
      return asAnnotations(await post(caller, { path, body, writes: true }, Found));
    },

    async updateAnnotations(caller, items) {
      return asAnnotations(await post(caller, { path: '/annotations/update', body: { items }, writes: true }, Found));
    },
  };
}

function incomplete(): never {
  throw new KonturError('upstream-incompatible', 'The upstream left out annotations that it was asked for.');
}
