import { createStore, promisifyRequest, type UseStore } from 'idb-keyval';
import { isUnsaved, type PhotoObject } from './photo-object.ts';
import type { PhotoObjects } from './photo-objects.ts';

/** What is kept of a photo in this browser. */
export interface KeptPhoto extends PhotoObjects {
  /** When the content of the photo that they were marked on was uploaded, in milliseconds since 1970. */
  uploadedTime?: number;
}

/** Keeps the objects of a photo in this browser, so that closing or losing the page loses none. */
export interface PhotoKeeper {
  /** What was kept; undefined if nothing was. @throws DOMException where this browser keeps nothing */
  read(): Promise<KeptPhoto | undefined>;
  /** Keeps what has changed since the last call. @throws DOMException where this browser keeps nothing */
  write(photo: KeptPhoto): Promise<void>;
}

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

  const write = ({ objects, activeId, uploadedTime }: KeptPhoto) =>
    objectsStore()('readwrite', async (store) => {
      const entry = await promisifyRequest<Entry | undefined>(store.get(key));
      const ids = objects.map(({ id }) => id);
      const mine = new Set(ids);
      // Objects that another tab has kept of this photo stay.
      const others = (entry?.ids ?? []).filter((id) => !mine.has(id) && !written.has(id));
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
      await promisifyRequest(store.transaction);
      for (const id of written.keys()) if (!mine.has(id)) written.delete(id);
      for (const object of objects) written.set(object.id, object);
    });

  return {
    read: () =>
      objectsStore()('readonly', async (store) => {
        const entry = await promisifyRequest<Entry | undefined>(store.get(key));
        if (entry === undefined) return undefined;
        const { ids, activeId, uploadedTime } = entry;
        const found = await Promise.all(
          ids.map((id) => promisifyRequest<PhotoObject | undefined>(store.get(keyOf(id)))),
        );
        const objects = found.filter((object) => object !== undefined);
        for (const object of objects) written.set(object.id, object);
        return { objects, activeId, uploadedTime };
      }),
    write(photo) {
      lastWrite = lastWrite.catch(() => {}).then(() => write(photo));
      return lastWrite;
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
