import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { KonturError } from '../contract/error-codes.ts';
import type { ModelFile } from './catalogue.ts';

/** Absolute path of a model file inside its package. Throws `unavailable` where the package is not installed. */
function locateModelFile({ specifier }: ModelFile): string {
  try {
    return createRequire(import.meta.url).resolve(specifier);
  } catch (cause) {
    throw new KonturError('unavailable', `The model file ${specifier} is not installed: run npm ci.`, { cause });
  }
}

/**
 * Reads a model file and checks it against its pinned SHA-256, so that what is checked is what is used.
 * Throws `unavailable` where the file is missing or differs.
 */
export async function readVerifiedModelFile(file: ModelFile): Promise<Buffer> {
  const content = await readFile(locateModelFile(file));
  const sha256 = createHash('sha256').update(content).digest('hex');
  if (sha256 !== file.sha256) {
    throw new KonturError(
      'unavailable',
      `The model file ${file.specifier} is damaged or another version (SHA-256 ${sha256}, expected ${file.sha256}): run npm ci.`,
    );
  }
  return content;
}
