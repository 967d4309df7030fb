import { KonturError } from '#contract/errors';
import { CATALOGUE, type DownloadableModel, isPackaged, type Model, type ModelFile } from './catalogue.ts';
import { findModelFiles, type InstalledFile } from './model-files.ts';

/**
 * The catalogue entry of a model.
 *
 * @throws KonturError `unavailable` if there is none, with the names that there are
 */
export function findModel(id: string): Model | DownloadableModel {
  const found = CATALOGUE.find((model) => model.id === id);
  if (found) return found;
  const known = CATALOGUE.map((model) => model.id).join(', ');
  throw new KonturError(
    'unavailable',
    `There is no model ${id}. Models of this version: ${known} (kontur models list).`,
  );
}

/**
 * A model that is ready to run: its files exist and their checksums are known. The checksums are verified when the
 * files are read.
 *
 * @throws KonturError `unavailable`, with what to do, if the model is unknown, not pulled, or not confirmed
 */
export async function openModel(id: string, modelsDir: string): Promise<Model> {
  const model = findModel(id);
  if (isPackaged(model)) return model;
  const [encoder, decoder] = await findModelFiles(model, modelsDir);
  return { ...model, encoder: usable(model, encoder), decoder: usable(model, decoder) };
}

function usable({ id }: DownloadableModel, { name, path, checksum, bytes }: InstalledFile): ModelFile {
  const pull = `kontur models pull ${id}, on a machine without internet with --from <folder that has the file>`;
  if (bytes === undefined) {
    throw new KonturError('unavailable', `The model ${id} is not complete: there is no ${path}. Get it: ${pull}.`);
  }
  if (checksum.origin === 'unknown') {
    throw new KonturError(
      'unavailable',
      `Nobody has confirmed what ${name} of the model ${id} must contain (${path}). Pull it again and confirm: ${pull}.`,
    );
  }
  return { path, sha256: checksum.sha256 };
}
