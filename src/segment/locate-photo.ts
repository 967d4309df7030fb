import type { Stats } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { KonturError } from '#contract/errors';
import { HEAD_BYTES, sniffFormat } from '../imaging/sniff-format.ts';

/** A photo as a caller passes it: its bytes, a path, or a `file:` URL. */
export type PhotoInput = Uint8Array | ArrayBuffer | string | URL;

/** A located photo: a file that any process can open, or bytes. */
export type LocatedPhoto = { path: string } | { bytes: Uint8Array };

/** Limit of bytes read from a pipe or the like. No photo that is accepted is larger. */
const MOST_PIPED_BYTES = 2 ** 30;

/**
 * Finds a photo and looks at its first bytes, before anything is done with the rest. What is no regular file, such as a
 * pipe, is read to its end, since nobody could read it again.
 *
 * @param image bytes, the path of a file, or a `file:` URL; the path as bytes if it is not UTF-8
 * @throws KonturError `invalid-request` if there is nothing to read; the errors of `sniffFormat`
 */
export async function locatePhoto(image: PhotoInput | { rawPath: Buffer }): Promise<LocatedPhoto> {
  if (image instanceof Uint8Array) return { bytes: image };
  if (image instanceof ArrayBuffer) return { bytes: new Uint8Array(image) };
  const path = isRawPath(image) ? image.rawPath : photoPath(image);
  const shown = path.toString();
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw refusal(`${shown} is a folder: name a photo in it.`);
    const file = found.isFile() ? await reopenable(path, found) : undefined;
    const handle = await open(file ?? path);
    try {
      if (file === undefined) return { bytes: await readToEnd(handle, shown) };
      sniffFormat(await readHead(handle));
      return { path: file };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof KonturError) throw error;
    throw cannotRead(error as NodeJS.ErrnoException, shown);
  }
}

/**
 * The path of a photo that is named by path or by a `file:` URL.
 *
 * @throws KonturError `invalid-request` for anything else
 */
export function photoPath(image: string | URL): string {
  if (typeof image === 'string' && !/^file:\/\//i.test(image)) {
    if (!/^(https?|data|blob):/i.test(image)) return image;
  } else if (typeof image === 'string' || image instanceof URL) {
    if (new URL(image).protocol === 'file:') return fileURLToPath(image);
  }
  throw refusal(
    `The image must be bytes (a Uint8Array or an ArrayBuffer), the path of a file or a file: URL, got ${describe(image)}. Fetch what is elsewhere first.`,
  );
}

const isRawPath = (image: string | URL | { rawPath: Buffer }): image is { rawPath: Buffer } =>
  typeof image === 'object' && image !== null && 'rawPath' in image;

const describe = (value: unknown): string => {
  if (typeof value === 'string') return `an address that begins with ${value.slice(0, value.indexOf(':') + 1)}`;
  if (value instanceof URL) return `an address that begins with ${value.protocol}`;
  return value === null || typeof value !== 'object' ? `${value}` : `a ${value.constructor?.name ?? 'object'}`;
};

/** A path of a regular file that other processes can open: not one of this process's own, such as /dev/stdin. */
async function reopenable(path: string | Buffer, found: Stats): Promise<string | undefined> {
  if (typeof path !== 'string') return undefined;
  if (!/^\/(dev|proc)\//.test(path)) return path;
  const real = await realpath(path).catch(() => undefined);
  const same = real === undefined ? undefined : await stat(real).catch(() => undefined);
  return same?.ino === found.ino && same.dev === found.dev ? real : undefined;
}

async function readHead(handle: FileHandle): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(HEAD_BYTES), position: 0 });
  return buffer.subarray(0, bytesRead);
}

async function readToEnd(handle: FileHandle, shown: string): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let isSniffed = false;
  for await (const chunk of handle.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (!isSniffed && bytes >= HEAD_BYTES) {
      sniffFormat(Buffer.concat(chunks).subarray(0, HEAD_BYTES));
      isSniffed = true;
    }
    if (bytes > MOST_PIPED_BYTES) {
      throw new KonturError('image-too-large', `${shown} does not end within ${MOST_PIPED_BYTES} bytes.`);
    }
  }
  const content = Buffer.concat(chunks);
  if (content.length === 0) throw refusal(`${shown} is empty: nothing was written to it.`);
  if (!isSniffed) sniffFormat(content);
  return content;
}

function cannotRead(cause: NodeJS.ErrnoException, shown: string): KonturError {
  const reasons: Record<string, string> = {
    ENOENT: `There is no file ${shown}.`,
    ENOTDIR: `There is no file ${shown}: a part of the path is no folder.`,
    EACCES: `${shown} cannot be read: this user has no right to.`,
    EPERM: `${shown} cannot be read: this user has no right to.`,
    ENXIO: `${shown} cannot be read: nothing is behind it.`,
    ELOOP: `${shown} cannot be read: its links lead in a circle.`,
    ENAMETOOLONG: `There is no file ${shown.slice(0, 100)}…: the name is too long.`,
  };
  return refusal(reasons[cause.code ?? ''] ?? `${shown} cannot be read: ${cause.message}`, cause);
}

const refusal = (message: string, cause?: unknown) => new KonturError('invalid-request', message, { cause });
