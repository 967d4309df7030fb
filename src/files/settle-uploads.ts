import { defined } from '#contract/defined';
import { originOf } from '#contract/errors';
import { UPLOAD_LINK_MS } from '#contract/limits';
import type { Blobs, StoredBlob } from '../blobs/blobs.ts';
import type { DirectUpload, DirectUploads } from '../blobs/direct-uploads.ts';
import type { Database } from '../database/open-database.ts';
import type { Logger } from '../telemetry/create-logger.ts';
import type { FileLife } from './file-life.ts';
import type { FileEntry } from './file-record.ts';
import { findEntries } from './find-files.ts';
import { saveContent } from './upload-content.ts';
import { parseUploadName, uploadName, uploadsOfFile, uploadsOfProject } from './upload-name.ts';
import { saveNewPart } from './upload-part.ts';

/** Ingests direct uploads: makes what clients have put straight to the store the content of their files. */
export interface UploadSettler {
  /** Whether a direct upload may exist for a file: its upload link is valid, or was a day ago. */
  isOpen(file: FileEntry): boolean;
  /**
   * Ingests the uploads of these files of one project; resolves to whether there were any. Passes on errors of store
   * and database.
   */
  settle(files: FileEntry[]): Promise<boolean>;
  /** Ingests uploads of a project, for as many files as a page of a list has. */
  settleProject(project: string): Promise<void>;
  /** Ingests the uploads of the parts of a multipart upload. */
  settleParts(file: FileEntry, uploadId: string): Promise<void>;
  /** Ingests all uploads, and deletes those without a file or with an invalid upload link. */
  sweep(): Promise<void>;
  /** Deletes the uploads of deleted files (file-life.ts). Passes on errors of the store. */
  removed(project: string, files: FileEntry[]): Promise<void>;
}

/** Up to this many files are looked up one by one; for more, the uploads of the project are listed. */
const FEW = 10;
const AT_ONCE = 8;
const PAGE = 1000;
const HOUR_MS = 3_600_000;
/** An upload that began with a valid link may take a day longer. */
const OPEN_MS = UPLOAD_LINK_MS + 24 * HOUR_MS;

/**
 * Creates the ingestion of direct uploads. Contents of more than `limitBytes` are refused: they count as never
 * uploaded.
 */
export function createUploadSettler({
  database,
  blobs,
  uploads,
  limitBytes,
  life,
  logger,
  now = Date.now,
}: {
  database: Database;
  blobs: Pick<Blobs, 'remove'>;
  uploads: DirectUploads;
  limitBytes: number;
  life?: Pick<FileLife, 'uploaded'>;
  logger: Pick<Logger, 'warn'>;
  now?: () => number;
}): UploadSettler {
  /** Single flight by name and etag: the uploads that this process is ingesting. */
  const settling = new Map<string, Promise<void>>();

  /** Copies an upload, saves the copy, and deletes the upload. */
  async function take(upload: DirectUpload, save: (stored: StoredBlob) => Promise<unknown>): Promise<void> {
    if (upload.bytes > limitBytes) {
      logger.warn({ upload: upload.name, bytes: upload.bytes }, 'an upload straight to the store was too large');
      return uploads.discard(upload);
    }
    const stored = await uploads.store(upload);
    if (stored === undefined) return;
    try {
      await save(stored);
    } catch (error) {
      // The file has other content or a newer link, or was deleted: the next check decides.
      if (originOf(error) === 'request') return;
      throw error;
    }
    await uploads.discard(upload);
  }

  function settleFile(file: FileEntry, upload: DirectUpload): Promise<void> {
    const { project, id: fileId, uploadGeneration, content, createdTime } = file;
    const target = { project, fileId, uploadGeneration, replaces: content?.blobKey ?? null };
    const key = `${upload.name} ${upload.etag}`;
    const running =
      settling.get(key) ??
      take(upload, async (stored) => {
        // The store's clock may be behind.
        const time = Math.max(upload.storedTime, createdTime);
        await saveContent({ database, blobs, life }, target, stored, time);
      }).finally(() => settling.delete(key));
    settling.set(key, running);
    return running;
  }

  /** Ingests those of the uploads that belong to these files. */
  async function settleOf(files: FileEntry[], found: DirectUpload[]): Promise<boolean> {
    const byName = new Map(files.map((file) => [nameOf(file), file]));
    const due = found.flatMap((upload) => {
      const file = byName.get(upload.name);
      return file === undefined ? [] : [{ file, upload }];
    });
    await eachOf(due, ({ file, upload }) => settleFile(file, upload));
    return due.length > 0;
  }

  const isOpen = ({ uploadLinkTime }: FileEntry) => uploadLinkTime !== undefined && uploadLinkTime > now() - OPEN_MS;

  async function settle(files: FileEntry[]): Promise<boolean> {
    const open = files.filter(isOpen);
    const [first] = open;
    if (first === undefined) return false;
    const found =
      open.length > FEW
        ? await listOf(uploads, first.project, Number.POSITIVE_INFINITY)
        : (await eachOf(open, (file) => uploads.find(nameOf(file)))).filter((upload) => upload !== undefined);
    return settleOf(open, found);
  }

  async function settleProject(project: string): Promise<void> {
    const found = await listOf(uploads, project, PAGE);
    await settleOf(await filesOf(database, project, found), found);
  }

  /** Whether an upload is garbage: it belongs to no file, to an earlier link, or to an expired multipart upload. */
  function isStale({ name, storedTime }: DirectUpload, files: Map<number, FileEntry>): boolean {
    const { fileId, uploadGeneration, uploadId } = defined(parseUploadName(name), 'parsed name of an upload');
    if (files.get(fileId)?.uploadGeneration !== uploadGeneration) return storedTime < now() - HOUR_MS;
    return uploadId !== undefined && storedTime < now() - OPEN_MS;
  }

  async function sweepProject(project: string, found: DirectUpload[]): Promise<void> {
    const files = await filesOf(database, project, found);
    await settleOf(files, found);
    const byId = new Map(files.map((file) => [file.id, file]));
    const stale = found.filter((upload) => isStale(upload, byId));
    await eachOf(stale, (upload) => uploads.discard(upload));
  }

  async function sweepPage(page: DirectUpload[]): Promise<void> {
    const projects = new Map<string, DirectUpload[]>();
    for (const upload of page) {
      const project = parseUploadName(upload.name)?.project;
      if (project !== undefined) projects.set(project, [...(projects.get(project) ?? []), upload]);
    }
    for (const [project, found] of projects) await sweepProject(project, found);
  }

  return {
    isOpen,
    settle,
    settleProject,

    async settleParts({ project, id: fileId, uploadGeneration }, uploadId) {
      const parts: { upload: DirectUpload; part: number }[] = [];
      const upload = { project, fileId, uploadGeneration, uploadId };
      for await (const put of uploads.list(`${uploadName(upload)}/`)) {
        const part = parseUploadName(put.name)?.part;
        if (part !== undefined) parts.push({ upload: put, part });
      }
      await eachOf(parts, async ({ upload: put, part }) => {
        await take(put, (stored) => saveNewPart({ database, blobs }, { ...upload, part }, stored));
      });
    },

    async removed(project, files) {
      for (const { id: fileId } of files) {
        for await (const upload of uploads.list(uploadsOfFile({ project, fileId }))) await uploads.discard(upload);
      }
    },

    async sweep() {
      let page: DirectUpload[] = [];
      for await (const upload of uploads.list('')) {
        if (page.push(upload) < PAGE) continue;
        await sweepPage(page);
        page = [];
      }
      await sweepPage(page);
    },
  };
}

const nameOf = ({ project, id: fileId, uploadGeneration }: FileEntry) =>
  uploadName({ project, fileId, uploadGeneration });

/** Lists complete uploads of a project. */
async function listOf(uploads: DirectUploads, project: string, most: number): Promise<DirectUpload[]> {
  const found: DirectUpload[] = [];
  for await (const upload of uploads.list(uploadsOfProject(project))) {
    const named = parseUploadName(upload.name);
    if (named !== undefined && named.uploadId === undefined && found.push(upload) >= most) break;
  }
  return found;
}

/** The existing files of these uploads. */
function filesOf(database: Database, project: string, uploads: DirectUpload[]): Promise<FileEntry[]> {
  const ids = new Set(uploads.flatMap(({ name }) => parseUploadName(name)?.fileId ?? []));
  if (ids.size === 0) return Promise.resolve([]);
  const references = [...ids].map((id) => ({ id }));
  return findEntries({ database }, project, references, { ignoreUnknownIds: true });
}

async function eachOf<Item, Result>(items: Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
  }
  return results;
}
