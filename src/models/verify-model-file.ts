import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { KonturError } from '#contract/errors';
import { assetPath } from '../runtime/package-path.ts';
import type { ModelFile } from './catalogue.ts';

/** Absolute path of a model file. */
export const locateModelFile = ({ path }: ModelFile): string => (isAbsolute(path) ? path : assetPath(path));

/**
 * Reads a model file and checks it against its pinned SHA-256. The bytes that were checked are returned, so that these
 * are used.
 *
 * @throws KonturError `unavailable` if the file is missing or differs
 */
export async function readVerifiedModelFile(file: ModelFile): Promise<Buffer> {
  const path = locateModelFile(file);
  const remedy = isAbsolute(file.path)
    ? 'delete it and pull the model again: kontur models pull'
    : 'install Kontur again';
  const content = await readFile(path).catch((cause: Error) => {
    throw new KonturError('unavailable', `The model file ${path} cannot be read: ${cause.message}`, { cause });
  });
  const sha256 = createHash('sha256').update(content).digest('hex');
  if (sha256 !== file.sha256) {
    throw new KonturError(
      'unavailable',
      `The model file ${path} is damaged or another version (SHA-256 ${sha256}, expected ${file.sha256}): ${remedy}.`,
    );
  }
  return content;
}
