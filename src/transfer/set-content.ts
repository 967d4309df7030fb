import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { type Entry, openPromise } from 'yauzl';

/** The files of a set: a folder, a zip, or a single file. */
export interface SetContent {
  /** Paths in the set with slashes, in the order of their letters. */
  paths: readonly string[];
  /** Opens a file of the set. @throws Error if it cannot be read */
  open(name: string): Promise<Readable>;
  /** Reads a small file whole. @throws Error if it is larger than the limit */
  readText(name: string, limitBytes: number): Promise<string>;
  close(): Promise<void>;
}

/** Folders deeper than this are not looked into. */
const MOST_LEVELS = 8;

/**
 * Opens a set: a folder, a zip, or any other file as the only one.
 *
 * @throws Error if there is nothing, or if a zip is damaged
 */
export async function openSet(file: string): Promise<SetContent> {
  const found = await stat(file).catch((cause: NodeJS.ErrnoException) => {
    throw new Error(cause.code === 'ENOENT' ? `There is no ${file}.` : `${file} cannot be read (${cause.code}).`, {
      cause,
    });
  });
  if (found.isDirectory()) return withText(await openFolder(file));
  return withText(file.toLowerCase().endsWith('.zip') ? await openZip(file) : openFile(file));
}

type Content = Omit<SetContent, 'readText'>;

const openFile = (file: string): Content => ({
  paths: [path.basename(file)],
  open: async () => createReadStream(file),
  close: async () => {},
});

async function openFolder(folder: string): Promise<Content> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter((name) => name.split('/').length <= MOST_LEVELS);
  return {
    paths: paths.sort(),
    open: async (name) => createReadStream(path.join(folder, name)),
    close: async () => {},
  };
}

async function openZip(file: string): Promise<Content> {
  const damaged = (cause: Error) => new Error(`${file} is not a zip that can be read: ${cause.message}`, { cause });
  const zip = await openPromise(file, { autoClose: false }).catch((error) => {
    throw damaged(error);
  });
  const entries = new Map<string, Entry>();
  try {
    for await (const entry of zip.eachEntry()) {
      if (!entry.fileName.endsWith('/')) entries.set(entry.fileName, entry);
    }
  } catch (error) {
    zip.close();
    throw damaged(error as Error);
  }
  return {
    paths: [...entries.keys()].sort(),
    async open(name) {
      const entry = entries.get(name);
      if (entry === undefined) throw new Error(`${name} is not in ${file}.`);
      return zip.openReadStreamPromise(entry).catch((error) => {
        throw damaged(error);
      });
    },
    close: async () => zip.close(),
  };
}

function withText(content: Content): SetContent {
  return {
    ...content,
    async readText(name, limitBytes) {
      const chunks: Buffer[] = [];
      let bytes = 0;
      for await (const chunk of await content.open(name)) {
        bytes += chunk.length;
        if (bytes > limitBytes) throw new Error(`${name} is larger than ${limitBytes / 2 ** 20} MiB.`);
        chunks.push(chunk);
      }
      return Buffer.concat(chunks)
        .toString('utf8')
        .replace(/^\uFEFF/, '');
    },
  };
}
