import { setTimeout } from 'node:timers/promises';
import { createPhotoFinder } from './find-photos.ts';
import { countVertices, createKnownShapes, type KnownShapes } from './known-shapes.ts';
import type { ReadAnnotation, Reading } from './read-annotation.ts';
import { Refused, type ServerClient, Unreachable } from './server-client.ts';
import { type ObjectData, toObjectData, toShape } from './wire-annotation.ts';

/** How an import goes about. */
export interface ImportOptions {
  /** Status of annotations that the set gives none. */
  status: 'approved' | 'suggested';
  /** Photos of this data set alone. */
  dataSetId?: number;
  /** Creates nothing unless everything can be created. */
  strict: boolean;
  /** Creates nothing, and says what would be. */
  dryRun: boolean;
  /** `creatingApp` and its version of the new annotations. */
  app: { name: string; version: string };
}

/** What became of the annotations of a set. */
export interface ImportResult {
  created: number;
  /** The server had them already. */
  present: number;
  /** Not created, each with its place and the reason. */
  refused: number;
}

/** What an import says while it runs. */
export interface ImportEvents {
  refused(where: string, problem: string): void;
  progress(result: ImportResult): void;
}

/** An annotation and the file that it is of. */
interface Placed {
  where: string;
  fileId: number;
  annotation: ReadAnnotation;
}

const MOST_IN_BATCH = 100;
/** A body has at most 50,000 values; a vertex is three of them. */
const MOST_VERTICES_IN_BATCH = 14_000;
const TRIES = 6;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
const PAGE = 100;

/**
 * Creates the annotations of a set on a server, for the files that its photos are there. What the server already has is
 * not created again, so that an import that broke off, or is repeated, only adds what is missing. What is wrong is told
 * by its place, and the rest is created; with `strict` nothing is.
 *
 * @param read begins reading the set; with `strict` it is read twice
 * @throws Refused where the server lets the caller do nothing of it; Unreachable; what the reader throws
 */
export async function importAnnotations(
  server: ServerClient,
  read: () => AsyncIterable<Reading>,
  options: ImportOptions,
  events: ImportEvents,
): Promise<ImportResult> {
  const find = createPhotoFinder(server, options.dataSetId);
  const result: ImportResult = { created: 0, present: 0, refused: 0 };
  const refuse = (where: string, problem: string) => {
    result.refused++;
    events.refused(where, problem);
  };
  const writer = createWriter(server, options, { result, refuse });

  async function pass(flush: (batch: Placed[]) => Promise<void>): Promise<void> {
    let batch: Placed[] = [];
    let vertices = 0;
    for await (const reading of read()) {
      const placed = await place(reading);
      if (placed === undefined) continue;
      const count = countVertices(placed.annotation.shape);
      if (batch.length === MOST_IN_BATCH || (batch.length > 0 && vertices + count > MOST_VERTICES_IN_BATCH)) {
        await flush(batch);
        events.progress(result);
        batch = [];
        vertices = 0;
      }
      batch.push(placed);
      vertices += count;
    }
    if (batch.length > 0) await flush(batch);
    events.progress(result);
  }

  async function place(reading: Reading): Promise<Placed | undefined> {
    const { where } = reading;
    if ('problem' in reading) return void refuse(where, reading.problem);
    const match = await find(reading.annotation.photo);
    if ('problem' in match) return void refuse(where, match.problem);
    return { where, fileId: match.fileId, annotation: reading.annotation };
  }

  if (options.dryRun || options.strict) {
    await pass(writer.check);
    if (options.dryRun) return result;
    if (result.refused > 0) return { ...result, created: 0 };
    Object.assign(result, { created: 0, present: 0 });
    writer.forget();
  }
  try {
    await pass(writer.create);
  } catch (error) {
    if (options.strict) await writer.undo();
    throw error;
  }
  if (options.strict && result.refused > 0) await writer.undo();
  return result;
}

/** What a batch becomes on the server. */
function createWriter(
  server: ServerClient,
  { status, app, strict }: ImportOptions,
  { result, refuse }: { result: ImportResult; refuse: (where: string, problem: string) => void },
) {
  let known = createKnownShapes();
  let asked = new Set<number>();
  const created: number[] = [];

  /** Reads what the server has on files that are new to this import. */
  async function learn(batch: readonly Placed[]): Promise<void> {
    const fileIds = [...new Set(batch.map(({ fileId }) => fileId))].filter((id) => !asked.has(id));
    if (fileIds.length > 0) await listShapes(server, fileIds, known);
    for (const id of fileIds) asked.add(id);
  }

  async function findMissing(batch: readonly Placed[]): Promise<Placed[]> {
    await learn(batch);
    return batch.filter(({ fileId, annotation: { label, shape } }) => !known.take(fileId, label, shape));
  }

  /** Forgets the files of a batch whose creation nobody has confirmed, and reads them again. */
  async function stillMissing(batch: readonly Placed[]): Promise<Placed[]> {
    const found = createKnownShapes();
    await listShapes(server, [...new Set(batch.map(({ fileId }) => fileId))], found);
    return batch.filter(({ fileId, annotation: { label, shape } }) => !found.take(fileId, label, shape));
  }

  async function send(batch: readonly Placed[], post: Post): Promise<void> {
    if (batch.length === 0) return;
    try {
      const ids = await post(server, batch, { status, app });
      created.push(...(strict ? ids : []));
      result.created += batch.length;
    } catch (error) {
      if (!(error instanceof Refused) || error.status === 401 || (error.status === 403 && result.created === 0))
        throw error;
      const [only, ...others] = batch;
      if (only !== undefined && others.length === 0) return refuse(only.where, error.message);
      const half = Math.ceil(batch.length / 2);
      await create(batch.slice(0, half), post);
      await create(batch.slice(half), post);
    }
  }

  /** Creates a batch; after a lost connection only what did not arrive. */
  async function create(batch: readonly Placed[], post: Post): Promise<void> {
    let rest = batch;
    for (let attempt = 1; ; attempt++) {
      try {
        return await send(rest, post);
      } catch (error) {
        if (!(error instanceof Unreachable) || attempt === TRIES) throw error;
        await setTimeout(Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS));
        const missing = await stillMissing(rest);
        result.created += rest.length - missing.length;
        rest = missing;
      }
    }
  }

  return {
    async check(batch: readonly Placed[]) {
      const missing = await findMissing(batch);
      result.present += batch.length - missing.length;
      result.created += missing.length;
    },
    async create(batch: readonly Placed[]) {
      const missing = await findMissing(batch);
      result.present += batch.length - missing.length;
      await create(missing.filter(fitsWire), postAnnotations);
      await create(
        missing.filter((placed) => !fitsWire(placed)),
        postOutlines,
      );
    },
    /** Forgets what the server had, before the set is read again. */
    forget() {
      known = createKnownShapes();
      asked = new Set();
    },
    /** Deletes what was created. */
    async undo() {
      for (let start = 0; start < created.length; start += 1000) {
        const items = created.slice(start, start + 1000).map((id) => ({ id }));
        await server.ask('POST', 'annotations/delete', { items });
      }
      result.created = 0;
    },
  };
}

/** Adds what the server has on these files. */
async function listShapes(server: ServerClient, fileIds: readonly number[], known: KnownShapes): Promise<void> {
  const filter = {
    annotatedResourceType: 'file',
    annotatedResourceIds: fileIds.map((id) => ({ id })),
    annotationType: 'images.ObjectDetection',
  };
  let cursor: string | null | undefined;
  do {
    const body = { filter, limit: PAGE, ...(cursor && { cursor }) };
    const page = await server.ask<{
      items: { annotatedResourceId: number; data: ObjectData }[];
      nextCursor?: string | null;
    }>('POST', 'annotations/list', body);
    for (const { annotatedResourceId, data } of page.items) known.add(annotatedResourceId, data.label, toShape(data));
    cursor = page.nextCursor;
  } while (cursor);
}

/** Creates annotations, all or none, and returns their ids. */
type Post = (
  server: ServerClient,
  batch: readonly Placed[],
  options: Pick<ImportOptions, 'status' | 'app'>,
) => Promise<number[]>;

/** Whether the API's own operation keeps all of an annotation; holes and parts are seams there. */
const fitsWire = ({ annotation }: Placed): boolean =>
  annotation.byHand !== true && toObjectData(annotation) !== undefined;

const postAnnotations: Post = (server, batch, { status, app }) => {
  const items = batch.map(({ fileId, annotation }) => ({
    annotatedResourceType: 'file',
    annotatedResourceId: fileId,
    annotationType: 'images.ObjectDetection',
    creatingApp: app.name,
    creatingAppVersion: app.version,
    creatingUser: null,
    status: annotation.status ?? status,
    data: toObjectData(annotation),
  }));
  return postItems(server, 'annotations', items);
};

/** Kontur's own operation keeps outlines of any number of vertices, and that one was drawn by hand. */
const postOutlines: Post = (server, batch, { status }) => {
  const items = batch.map(({ fileId, annotation }) => {
    const { label, score, attributes, byHand, shape } = annotation;
    const rings = shape.is === 'outline' ? shape.rings : [];
    return { fileId, label, rings, status: annotation.status ?? status, score, byHand, attributes };
  });
  return postItems(server, 'kontur/annotations', items);
};

async function postItems(server: ServerClient, path: string, items: unknown[]): Promise<number[]> {
  const answer = await server.ask<{ items: { id: number }[] }>('POST', path, { items }, { once: true });
  return answer.items.map(({ id }) => id);
}
