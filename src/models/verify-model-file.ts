import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { isAbsolute } from 'node:path';
import { KonturError } from '#contract/errors';
import type { ModelFile } from './catalogue.ts';

/**
 * Absolute path of a model file.
 *
 * @throws KonturError `unavailable` if the file's package is not installed
 */
export function locateModelFile({ specifier }: ModelFile): string {
  if (isAbsolute(specifier)) return specifier;
  try {
    return createRequire(import.meta.url).resolve(specifier);
  } catch (cause) {
    throw new KonturError('unavailable', `The model file ${specifier} is not installed: run npm ci.`, { cause });
  }
}

/**
 * Reads a model file and checks it against its pinned SHA-256. The bytes that were checked are returned, so that these
 * are used.
 *
 * @throws KonturError `unavailable` if the file is missing or differs
 */
export async function readVerifiedModelFile(file: ModelFile): Promise<Buffer> {
  const remedy = isAbsolute(file.specifier) ? 'delete it and pull the model again: kontur models pull' : 'run npm ci';
  const content = await readFile(locateModelFile(file)).catch((cause: Error) => {
    throw new KonturError('unavailable', `The model file ${file.specifier} cannot be read: ${cause.message}`, {
      cause,
    });
  });
  const sha256 = createHash('sha256').update(content).digest('hex');
  if (sha256 !== file.sha256) {
    throw new KonturError(
      'unavailable',
      `The model file ${file.specifier} is damaged or another version (SHA-256 ${sha256}, expected ${file.sha256}): ${remedy}.`,
    );
  }
  return content;
}
