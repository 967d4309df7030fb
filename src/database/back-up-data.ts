import { existsSync } from 'node:fs';
import { cp, lstat, mkdir, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { closeTree } from '../runtime/private-folder.ts';
import { writeWholeFile } from '../runtime/write-whole-file.ts';
import { lockFolder } from './lock-folder.ts';

/** Where an embedded server keeps its data; `blobs` is a folder or a bucket. */
interface Folders {
  dataDir: string;
  blobs: { folder: string } | { bucket: string; prefix: string };
  /** Set where the database is not embedded. */
  databaseUrl?: string;
}

const MANIFEST = 'kontur-backup.json';
const FORMAT = 1;

/**
 * Parts of a backup and where each is in use. The rest of a data folder can be recomputed, and a bucket is not copied.
 */
function partsOf({ dataDir, blobs }: Folders): { name: string; place: string }[] {
  const names = ['database', 'upstream', 'keys', 'development-client.json'];
  const parts = names.map((name) => ({ name, place: path.join(dataDir, name) }));
  return 'folder' in blobs ? [...parts, { name: 'blobs', place: blobs.folder }] : parts;
}

/**
 * Copies all data of an embedded server into a new folder. The server must not run meanwhile: rows and contents would
 * not be of the same moment. The folder appears only when it is complete.
 *
 * @throws Error if a server runs on the data folder, it is empty, or the target folder is not empty
 */
export async function backUpData(folders: Folders, target: string): Promise<void> {
  refuseServer(folders);
  if (!existsSync(path.join(folders.dataDir, 'database'))) {
    throw new Error(`There is no database in ${folders.dataDir}; name the data folder in KONTUR_DATA_DIR.`);
  }
  const lock = await lockFolder(folders.dataDir);
  try {
    await refuseContent(target);
    await writeWholeFile(
      target,
      async (draft) => {
        await writeBackup(folders, draft);
        await rm(target, { recursive: true, force: true });
      },
      `${target}.unfinished`,
    );
  } finally {
    await lock.release();
  }
}

async function writeBackup(folders: Folders, draft: string): Promise<void> {
  // What a backup that was killed left.
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  // A part may lie elsewhere, behind a link.
  for (const { name, place } of partsOf(folders))
    await copy(await realpath(place).catch(() => place), path.join(draft, name));
  const manifest = { format: FORMAT, createdTime: Date.now() };
  await writeFile(path.join(draft, MANIFEST), `${JSON.stringify(manifest)}\n`, { mode: 0o600 });
}

/**
 * Restores a backup into a data folder that has none of its parts.
 *
 * @throws Error if the folder is no backup, a server runs on the data folder, or one of the parts exists already
 */
export async function restoreData(folders: Folders, source: string): Promise<void> {
  refuseServer(folders);
  await checkManifest(source);
  const lock = await lockFolder(folders.dataDir);
  const draft = path.join(folders.dataDir, 'restoring');
  try {
    for (const { place } of partsOf(folders)) await refuseContent(place);
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { mode: 0o700 });
    for (const { name, place } of partsOf(folders)) {
      await copy(path.join(source, name), path.join(draft, name));
      await moveIfThere(path.join(draft, name), place);
    }
  } finally {
    await rm(draft, { recursive: true, force: true });
    await lock.release();
  }
}

function refuseServer({ databaseUrl }: Folders): void {
  if (databaseUrl === undefined) return;
  throw new Error(
    'KONTUR_DATABASE_URL is set, and this is for the embedded database. Save the database with pg_dump, and what KONTUR_BLOBS names after it.',
  );
}

async function checkManifest(folder: string): Promise<void> {
  const manifest = await readFile(path.join(folder, MANIFEST), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    throw new Error(`${folder} is no backup: it has no ${MANIFEST}.`);
  });
  const { format } = JSON.parse(manifest) as { format: number };
  if (format !== FORMAT)
    throw new Error(`The backup ${folder} was made by a newer Kontur. Restore it with that version.`);
}

/** Refuses a path with content; an empty folder counts as none. */
async function refuseContent(place: string): Promise<void> {
  const names = await readdir(place).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error.code === 'ENOTDIR' ? new Error(`${place} is there already.`) : error;
  });
  if (names.length > 0) throw new Error(`${place} is there already, with something in it. Nothing was written.`);
}

/** Copies a part, if it is there. The copy is its owner's alone, whatever the modes of the source. */
async function copy(from: string, to: string): Promise<void> {
  const unfinishedUploads = path.join(from, 'tmp');
  await cp(from, to, {
    recursive: true,
    preserveTimestamps: true,
    async filter(name) {
      if (name === unfinishedUploads) return false;
      // What a link leads to would be cleaned up as if it were ours.
      if ((await lstat(name)).isSymbolicLink())
        throw new Error(`${name} is a symbolic link. Put what it leads to in its place.`);
      return true;
    },
  }).catch(ignoreMissing);
  await closeTree(to);
}

async function moveIfThere(from: string, to: string): Promise<void> {
  await mkdir(path.dirname(to), { recursive: true, mode: 0o700 });
  // Only a complete part gets its name; the folder that may exist is empty. A rename to another file system fails, so
  // the part is copied.
  await rename(from, to).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code === 'EXDEV') return cp(from, to, { recursive: true, preserveTimestamps: true });
    return ignoreMissing(error);
  });
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
