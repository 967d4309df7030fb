import { randomBytes } from 'node:crypto';
import fs, { createReadStream } from 'node:fs';
import { access, constants, type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { KonturError } from '#contract/errors';
import { writeWholeFile } from '../runtime/write-whole-file.ts';
import type { Blobs, StoredBlob } from './blobs.ts';
import { measureContent } from './measure-content.ts';

/**
 * Stores blobs in a folder: `ab/ab12…` holds the content of the key `ab12…`, `tmp/` the files being written. A file
 * appears under its key only when it is complete and flushed to disk. Files that earlier processes left in `tmp/` are
 * deleted: all of them or, if the folder is shared, those that were not written to for an hour.
 */
export async function createDiskBlobs(folder: string, { shared = false }: { shared?: boolean } = {}): Promise<Blobs> {
  const temporary = join(folder, 'tmp');
  await mkdir(temporary, { recursive: true, mode: 0o700 });
  await removeLeftovers(temporary, shared ? Date.now() - UPLOAD_PAUSE_MS : undefined);
  const pathOf = (key: string) => join(folder, key.slice(0, 2), key);

  return {
    async write(content, limitBytes) {
      const key = randomBytes(16).toString('hex');
      const write = async (unfinished: string) => {
        const stored = await writeFile(unfinished, content, limitBytes);
        await mkdir(dirname(pathOf(key)), { recursive: true, mode: 0o700 });
        return { key, ...stored };
      };
      return writeWholeFile(pathOf(key), write, join(temporary, key)).catch((error: unknown) => {
        throw toStoreError(error);
      });
    },
    read: (key, range) => createReadStream(pathOf(key), { ...range, fs: { ...fs, open: openIn(temporary) } }),
    async localPath(key) {
      const path = pathOf(key);
      await access(path, constants.R_OK).catch((error: unknown) => {
        throw toStoreError(error);
      });
      return path;
    },
    remove: (key) => rm(pathOf(key), { force: true }),
    ping: () => access(temporary, constants.W_OK),

    async *list() {
      const shelves = (await readdir(folder)).filter((name) => SHELF.test(name));
      for (const shelf of shelves) {
        for (const key of await readdir(join(folder, shelf))) {
          const storedTime = await modifiedTime(pathOf(key));
          if (storedTime !== undefined) yield { key, storedTime };
        }
      }
    },
  };
}

/** Time without writes after which an upload counts as cut off. */
const UPLOAD_PAUSE_MS = 3_600_000;
/** Name of a folder for the keys with that prefix. */
const SHELF = /^[0-9a-f]{2}$/;

const NO_ROOM =
  'There is no room left on the server for this upload; nothing was stored. Free some space and upload again.';

async function writeFile(path: string, content: Readable, limitBytes: number): Promise<Omit<StoredBlob, 'key'>> {
  const { chunks, measure } = measureContent(content, limitBytes);
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of chunks) await writeFully(file, chunk);
    await file.sync();
  } finally {
    await file.close();
  }
  return measure();
}

/** Writes a whole chunk. A single call of `write` may write less, for instance on a disk that is filling up. */
async function writeFully(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.length; ) {
    offset += (await file.write(chunk, offset)).bytesWritten;
  }
}

/** Modification time of a file; undefined if it no longer exists. */
async function modifiedTime(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The `open` of read streams. A file that is missing together with the store is not missing, but out of reach. */
function openIn(temporary: string): typeof fs.open {
  const open = (...args: unknown[]) => {
    const opened = args.pop() as (error: unknown, fd?: number) => void;
    const failed = async (error: NodeJS.ErrnoException) => {
      const gone = error.code === 'ENOENT' && (await modifiedTime(temporary).catch(() => undefined)) !== undefined;
      opened(gone ? error : toStoreError(error));
    };
    Reflect.apply(fs.open, fs, [
      ...args,
      (error: NodeJS.ErrnoException | null, fd?: number) => (error === null ? opened(null, fd) : void failed(error)),
    ]);
  };
  return open as typeof fs.open;
}

/**
 * @param before delete only files last written to before this time, in milliseconds since 1970-01-01 UTC; default: all
 */
async function removeLeftovers(folder: string, before: number = Number.POSITIVE_INFINITY): Promise<void> {
  for (const name of await readdir(folder)) {
    const time = await modifiedTime(join(folder, name));
    if (time !== undefined && time < before) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Codes of errors that a folder that is not mounted, or a file server that does not answer, can cause. */
const AWAY = new Set(['ENOENT', 'EIO', 'ESTALE', 'ENOTCONN', 'EHOSTDOWN', 'ETIMEDOUT', 'EROFS', 'EACCES', 'EPERM']);

/** Codes of errors for a full disk. EFBIG: a limit of the system forbids the process a file of that size. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

function toStoreError(error: unknown): unknown {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (FULL.has(code)) return new KonturError('disk-full', NO_ROOM, { cause: error });
  if (AWAY.has(code)) return new KonturError('unavailable', 'The store cannot be reached.', { cause: error });
  return error;
}
