import { createStore, promisifyRequest, type UseStore } from 'idb-keyval';
import { isUnsaved, type PhotoObject } from './photo-object.ts';
import type { ObjectChanges, PhotoObjects } from './photo-objects.ts';

/** What is kept of a photo in this browser. */
export interface KeptPhoto extends PhotoObjects {
  /** When the content of the photo that they were marked on was uploaded, in milliseconds since 1970. */
  uploadedTime?: number;
}

/** Keeps the objects of a photo in this browser, so that closing or losing the page loses none. */
export interface PhotoKeeper {
  /** What was kept; undefined if nothing was. @throws DOMException where this browser keeps nothing */
  read(): Promise<KeptPhoto | undefined>;
  /**
   * Keeps what has changed since the last call.
   *
   * @param options.isLast whether the page may be gone in a moment, so that nothing can be waited for
   * @throws DOMException where this browser keeps nothing
   */
  write(photo: KeptPhoto, options?: { isLast?: boolean }): Promise<void>;
  /**
   * Calls `told` with what another tab has changed of the photo. What this tab has changed itself and not written yet is
   * left out: it comes later, and counts.
   *
   * @param present the objects as this tab has them now
   * @returns ends it
   */
  follow(present: () => readonly PhotoObject[], told: (changes: ObjectChanges) => void): () => void;
}

/** What one tab says to the others after it has written. */
interface Written {
  photo: string;
  from: string;
  changed: readonly string[];
  removed: readonly string[];
}

/** Name of the channel between the tabs of this browser. */
const CHANNEL = 'kontur.photos';

/** Number of objects of a photo that are kept in this browser. */
export interface KeptCount {
  objects: number;
  unsaved: number;
}

/** One record for each photo beside one for each object, so that a change of one object writes one. */
interface Entry extends KeptCount {
  ids: readonly string[];
  activeId?: string;
  uploadedTime?: number;
}

let opened: UseStore | undefined;
/** The browser's own storage for this server: browsers keep it apart by the origin of the page. */
const objectsStore = (): UseStore => (opened ??= createStore('kontur', 'photos'));

const entryKey = (project: string, fileId: number): IDBValidKey => ['photo', project, fileId];
const objectKey = (project: string, fileId: number, id: string): IDBValidKey => ['object', project, fileId, id];

/** Creates the keeper of a photo. */
export function createPhotoKeeper(project: string, fileId: number): PhotoKeeper {
  const key = entryKey(project, fileId);
  const keyOf = (id: string) => objectKey(project, fileId, id);
  /** What the storage has of each object that this page has read or written. */
  const written = new Map<string, PhotoObject>();
  let lastWrite: Promise<void> = Promise.resolve();
  const photo = `${project} ${fileId}`;
  const me = crypto.randomUUID();

  /** Objects that other tabs had kept of this photo at the last write. */
  let others: readonly string[] = [];

  const write = async (kept: KeptPhoto, isLast: boolean) => {
    const changed = kept.objects.filter((object) => written.get(object.id) !== object).map(({ id }) => id);
    const mine = new Set(kept.objects.map(({ id }) => id));
    const removed = [...written.keys()].filter((id) => !mine.has(id));
    await put(kept, isLast);
    if (changed.length + removed.length === 0) return;
    const channel = new BroadcastChannel(CHANNEL);
    channel.postMessage({ photo, from: me, changed, removed } satisfies Written);
    channel.close();
  };

  const put = ({ objects, activeId, uploadedTime }: KeptPhoto, isLast: boolean) =>
    objectsStore()('readwrite', async (store) => {
      const ids = objects.map(({ id }) => id);
      const mine = new Set(ids);
      if (!isLast) {
        const entry = await promisifyRequest<Entry | undefined>(store.get(key));
        // Objects that another tab has kept of this photo stay.
        others = (entry?.ids ?? []).filter((id) => !mine.has(id) && !written.has(id));
      }
      for (const object of objects) {
        if (written.get(object.id) !== object) store.put(object, keyOf(object.id));
      }
      for (const id of written.keys()) if (!mine.has(id)) store.delete(keyOf(id));
      const kept: Entry = {
        ids: [...others, ...ids],
        activeId,
        uploadedTime,
        objects: objects.length + others.length,
        unsaved: objects.filter(isUnsaved).length,
      };
      if (kept.ids.length === 0) store.delete(key);
      else store.put(kept, key);
      // What is not committed is dropped with the page.
      if (isLast) store.transaction.commit();
      await promisifyRequest(store.transaction);
      for (const id of written.keys()) if (!mine.has(id)) written.delete(id);
      for (const object of objects) written.set(object.id, object);
    });

  return {
    read: () =>
      objectsStore()('readonly', async (store) => {
        const asked = promisifyRequest<Entry | undefined>(store.get(key));
        // Every object there is: a tab that had to write in a hurry may not have known all of them.
        const all = IDBKeyRange.bound(keyOf(''), ['object', project, fileId, []]);
        const objects = await promisifyRequest<PhotoObject[]>(store.getAll(all));
        const entry = await asked;
        if (entry === undefined && objects.length === 0) return undefined;
        for (const object of objects) written.set(object.id, object);
        const { ids = [], activeId, uploadedTime } = entry ?? {};
        const places = new Map(ids.map((id, place) => [id, place]));
        const placeOf = ({ id }: PhotoObject) => places.get(id) ?? ids.length;
        return { objects: objects.sort((one, other) => placeOf(one) - placeOf(other)), activeId, uploadedTime };
      }),
    write(kept, { isLast = false } = {}) {
      lastWrite = isLast ? write(kept, true) : lastWrite.catch(() => {}).then(() => write(kept, false));
      return lastWrite;
    },
    follow(present, told) {
      const take = async ({ changed: ids, removed: goneIds }: Written) => {
        await lastWrite.catch(() => {});
        const found = await objectsStore()('readonly', (store) =>
          Promise.all(ids.map((id) => promisifyRequest<PhotoObject | undefined>(store.get(keyOf(id))))),
        );
        const mine = new Map(present().map((object) => [object.id, object]));
        const isUntouched = (id: string) => mine.get(id) === written.get(id);
        const changed = found.filter((object) => object !== undefined && isUntouched(object.id)) as PhotoObject[];
        const removed = goneIds.filter((id) => mine.has(id) && isUntouched(id));
        for (const object of changed) written.set(object.id, object);
        for (const id of removed) written.delete(id);
        if (changed.length + removed.length > 0) told({ changed, removed });
      };
      const channel = new BroadcastChannel(CHANNEL);
      channel.onmessage = ({ data }: MessageEvent<Written>) => {
        // Where storage cannot be read, this tab goes on with what it has.
        if (data.photo === photo && data.from !== me) void take(data).catch(() => {});
      };
      return () => channel.close();
    },
  };
}

/** Counts the objects of photos that are kept in this browser; photos without any are left out. */
export function countKept(project: string, fileIds: readonly number[]): Promise<Map<number, KeptCount>> {
  return objectsStore()('readonly', async (store) => {
    const entries = await Promise.all(
      fileIds.map((fileId) => promisifyRequest<Entry | undefined>(store.get(entryKey(project, fileId)))),
    );
    return new Map(
      fileIds.flatMap((fileId, place) => {
        const entry = entries[place];
        return entry === undefined ? [] : [[fileId, { objects: entry.objects, unsaved: entry.unsaved }] as const];
      }),
    );
  });
}

/** Labels that were used in this browser for a project, the last one first. */
export const readLabels = (project: string): Promise<string[]> =>
  objectsStore()('readonly', async (store) => {
    const labels = await promisifyRequest<string[] | undefined>(store.get(['labels', project]));
    return labels ?? [];
  });

/** Most labels that are remembered. */
const MOST_LABELS = 500;

/** Remembers a label as the one that was used last. Returns all of them. */
export const rememberLabel = (project: string, label: string): Promise<string[]> =>
  objectsStore()('readwrite', async (store) => {
    const key = ['labels', project];
    const known = (await promisifyRequest<string[] | undefined>(store.get(key))) ?? [];
    const labels = [label, ...known.filter((one) => one !== label)].slice(0, MOST_LABELS);
    store.put(labels, key);
    await promisifyRequest(store.transaction);
    return labels;
  });
