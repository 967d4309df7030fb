import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { KonturError } from '#contract/errors';
import { locatePhoto } from '../segment/locate-photo.ts';
import { rawArgument } from './raw-argument.ts';
import { UsageError } from './usage-error.ts';

/** The photo that the command line names. */
export interface OpenPhoto {
  /** Path of a file that may be read more than once. */
  path: string;
  /** Name of the photo in documents. */
  name: string;
  remove(): Promise<void>;
}

/**
 * Finds the photo that an argument names: a file, a pipe, or `-` for standard input. What can be read only once, or has
 * a name that is no UTF-8, becomes a temporary file.
 *
 * @throws UsageError if there is nothing to read; the errors of `sniffFormat`
 */
export async function openPhoto(argument: string): Promise<OpenPhoto> {
  if (argument === '-' && process.stdin.isTTY) throw new UsageError('Standard input is the keyboard: pipe a photo in.');
  const given = argument === '-' ? '/dev/stdin' : argument;
  const raw = rawArgument(given);
  const located = await locatePhoto(raw === undefined ? given : { rawPath: raw }).catch((error) => {
    throw error instanceof KonturError && error.code === 'invalid-request' ? new UsageError(error.message) : error;
  });
  const name = path.basename(given);
  if ('path' in located) return { path: located.path, name, remove: async () => {} };
  const folder = await mkdtemp(path.join(tmpdir(), 'kontur-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  const file = path.join(folder, 'photo');
  await writeFile(file, located.bytes, { mode: 0o600 });
  return { path: file, name, remove };
}
