import { createStore, type StoreApi } from 'zustand/vanilla';
import { ApiError } from '../api/api-error.ts';
import type { Api } from '../api/create-api.ts';
import { busyForMs, isBusy, pause } from '../api/wait-patiently.ts';
import type { LibraryFile } from '../library/library-file.ts';
import { readLibraryQuery } from '../library/library-query.ts';
import { hashPath, hashQuery } from '../shell/hash-location.ts';
import { type CheckedFile, checkFile } from './check-file.ts';
import type { ChosenFile } from './chosen-files.ts';
import { putContent } from './put-content.ts';
import { isOpen, type Upload } from './upload.ts';

/** Most uploads that are sent at the same time. */
const AT_ONCE = 3;

/** The uploads of this page, in the order in which they were chosen. */
export interface UploadsState {
  uploads: readonly Upload[];
}

/** The queue of uploads. It goes on whatever screen is shown. */
export interface Uploads {
  store: StoreApi<UploadsState>;
  /** Queues files. Returns the ids of their uploads, in the same order. */
  add(files: readonly ChosenFile[]): string[];
  /** Tries a failed one again, or a busy server at once. */
  retry(id: string): void;
  retryAll(): void;
  /** Ends an upload that has not ended, and forgets it. */
  cancel(id: string): void;
  cancelAll(): void;
  /** Forgets what has ended: done, failed and refused. */
  clear(): void;
  /** Called with each file that gets a record, content, or is deleted again (`gone`). */
  subscribe(changed: (file: LibraryFile, gone: boolean) => void): () => void;
}

/** Creates the queue of uploads of a project. */
export function createUploads(api: Api): Uploads {
  const { client, project } = api;
  const params = { path: { project } };
  const store = createStore<UploadsState>(() => ({ uploads: [] }));
  const listeners = new Set<(file: LibraryFile, gone: boolean) => void>();
  const running = new Map<string, { abort: AbortController; wake?: () => void }>();

  const find = (id: string) => store.getState().uploads.find((upload) => upload.id === id);
  const change = (id: string, changes: Partial<Upload>) =>
    store.setState(({ uploads }) => ({
      uploads: uploads.map((upload) => (upload.id === id ? { ...upload, ...changes } : upload)),
    }));
  const tell = (file: LibraryFile, gone = false) => {
    for (const listener of listeners) listener(file, gone);
  };

  const pump = () => {
    for (const upload of store.getState().uploads) {
      if (running.size >= AT_ONCE) return;
      if (upload.state === 'waiting' && !running.has(upload.id)) void send(upload.id);
    }
  };

  const send = async (id: string) => {
    const abort = new AbortController();
    running.set(id, { abort });
    try {
      while (!(await tryOnce(id, abort.signal)));
    } catch (error) {
      if (!abort.signal.aborted) change(id, { state: 'failed', problem: error as Error });
    } finally {
      running.delete(id);
      pump();
    }
  };

  /** Whether a file cannot be sent at all, which is said before its turn has come. */
  const check = async (id: string): Promise<CheckedFile> => {
    const checked = await checkFile(find(id)!.content);
    if ('refused' in checked) change(id, { state: 'refused', refusal: checked.refused });
    return checked;
  };

  /**
   * Sends one file. A busy server is waited for.
   *
   * @returns whether that was the end of it
   * @throws Error for any other failure; the reason of `signal` once it is aborted
   */
  const tryOnce = async (id: string, signal: AbortSignal): Promise<boolean> => {
    signal.throwIfAborted();
    const upload = find(id)!;
    try {
      const checked = await check(id);
      signal.throwIfAborted();
      if ('refused' in checked) return true;
      change(id, { state: 'sending', sentBytes: 0, problem: undefined, name: checked.name });
      const { uploadUrl, ...file } = await openFile(upload, checked, signal);
      change(id, { file, startTime: Date.now() });
      tell(file);
      const progress = (sentBytes: number) => change(id, { sentBytes });
      await putContent(uploadUrl, upload.content, { signal, progress });
      const time = Date.now();
      const done = { ...file, uploaded: true, uploadedTime: time, lastUpdatedTime: time };
      change(id, { state: 'done', sentBytes: upload.content.size, file: done });
      tell(done);
      return true;
    } catch (error) {
      if (!isBusy(error) || signal.aborted) throw error;
      const ms = busyForMs(error);
      change(id, { state: 'busy', problem: error, againAt: Date.now() + ms });
      const woken = new AbortController();
      running.get(id)!.wake = () => woken.abort();
      await pause(ms, AbortSignal.any([signal, woken.signal]));
      return false;
    }
  };

  /** Makes the record of a file, or a new link for the one of an earlier try. */
  const openFile = async (
    { file, directory, dataSetId }: Upload,
    { name, mimeType }: { name: string; mimeType: string },
    signal: AbortSignal,
  ): Promise<LibraryFile & { uploadUrl: string }> => {
    if (file !== undefined) {
      try {
        const body = { items: [{ id: file.id }] };
        const { data } = await client.POST('/api/v1/projects/{project}/files/uploadlink', { params, body, signal });
        const { uploadUrl } = data as unknown as { uploadUrl: string };
        return { ...file, uploadUrl };
      } catch (error) {
        // Somebody has deleted it meanwhile.
        if (!(error instanceof ApiError) || error.status !== 400) throw error;
      }
    }
    const body = {
      name,
      mimeType,
      ...(directory !== undefined && { directory }),
      ...(dataSetId !== undefined && { dataSetId }),
    };
    const { data } = await client.POST('/api/v1/projects/{project}/files', { params, body, signal });
    return data as unknown as LibraryFile & { uploadUrl: string };
  };

  const checkWaiting = async () => {
    for (const { id } of store.getState().uploads) {
      if (find(id)?.state === 'waiting' && !running.has(id)) await check(id);
    }
  };

  const cancel = (id: string) => {
    const upload = find(id);
    if (upload === undefined) return;
    running.get(id)?.abort.abort();
    store.setState(({ uploads }) => ({ uploads: uploads.filter((one) => one.id !== id) }));
    if (upload.state === 'done' || upload.file === undefined) return;
    void dropRecord(upload.file);
  };

  /** A record without content is of no use; where deleting it fails, the server deletes it in a week. */
  const dropRecord = async (file: LibraryFile) => {
    tell(file, true);
    const body = { items: [{ id: file.id }], ignoreUnknownIds: true };
    await client.POST('/api/v1/projects/{project}/files/delete', { params, body }).catch(() => {});
  };

  const retry = (id: string) => {
    running.get(id)?.wake?.();
    if (find(id)?.state === 'failed') change(id, { state: 'waiting', problem: undefined, sentBytes: 0 });
    pump();
  };

  return {
    store,
    add(files) {
      // Into the data set that the library shows.
      const dataSetId = hashPath() === '/' ? readLibraryQuery(hashQuery()).dataSetId : undefined;
      const added = files.map(({ file, directory }): Upload => {
        const about = { id: crypto.randomUUID(), content: file, name: file.name, sentBytes: 0 };
        return {
          ...about,
          state: 'waiting',
          ...(directory !== undefined && { directory }),
          ...(dataSetId !== undefined && { dataSetId }),
        };
      });
      store.setState(({ uploads }) => ({ uploads: [...uploads, ...added] }));
      pump();
      void checkWaiting();
      return added.map(({ id }) => id);
    },
    retry,
    retryAll() {
      for (const { id, state } of store.getState().uploads) if (state === 'failed') retry(id);
    },
    cancel,
    cancelAll() {
      for (const upload of store.getState().uploads) if (isOpen(upload)) cancel(upload.id);
    },
    clear() {
      for (const { id, state } of store.getState().uploads) if (state === 'failed') cancel(id);
      store.setState(({ uploads }) => ({ uploads: uploads.filter(isOpen) }));
    },
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  };
}
