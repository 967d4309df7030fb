import { constants, fstatSync } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import { rawArgument } from './raw-argument.ts';
import { UsageError } from './usage-error.ts';

/** Path that `--out` writes to, as bytes if it is not UTF-8. */
export type OutPath = string | Buffer;

/**
 * Checks that a file can be written, before the work for it begins, and that it is not the photo itself, by whatever
 * name or link.
 *
 * @param out value of `--out`; undefined for standard output
 * @throws UsageError says what is in the way
 */
export async function checkOut(out: string | undefined, photo: string): Promise<OutPath | undefined> {
  const source = await stat(photo);
  const isPhoto = (file: { dev: number; ino: number; isFile(): boolean } | undefined) =>
    file?.isFile() && file.dev === source.dev && file.ino === source.ino;
  if (out === undefined) {
    if (isPhoto(fstatSync(process.stdout.fd))) throw new UsageError(`The output goes into the photo: ${photo}.`);
    return undefined;
  }
  const file = rawArgument(out) ?? out;
  const there = await stat(file).catch(() => undefined);
  if (isPhoto(there)) {
    throw new UsageError(`--out ${out} is the photo itself, which would be lost. Name another file.`);
  }
  if (there?.isDirectory()) throw new UsageError(`--out ${out} is a folder. Name a file in it.`);
  if (there !== undefined) {
    await access(file, constants.W_OK).catch(() => {
      throw new UsageError(`--out ${out} cannot be written: this user has no right to.`);
    });
    return file;
  }
  await checkFolder(out, file);
  return file;
}

async function checkFolder(out: string, file: OutPath): Promise<void> {
  const shown = path.dirname(out);
  const end = typeof file === 'string' ? -1 : file.lastIndexOf(path.sep);
  const folder = typeof file === 'string' ? shown : end < 0 ? '.' : file.subarray(0, end + 1);
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) throw new UsageError(`--out ${out} cannot be written: there is no folder ${shown}.`);
  if (!found.isDirectory()) throw new UsageError(`--out ${out} cannot be written: ${shown} is no folder.`);
  await access(folder, constants.W_OK).catch(() => {
    throw new UsageError(`--out ${out} cannot be written: this user has no right to write into ${shown}.`);
  });
}
