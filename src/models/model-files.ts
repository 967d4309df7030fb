import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type DownloadableFile, type DownloadableModel, isPackaged, type Model } from './catalogue.ts';
import { hashFile, readConfirmedChecksums } from './checksums.ts';
import { locateModelFile } from './verify-model-file.ts';

/** A file of a model on this machine. */
export interface InstalledFile {
  name: string;
  path: string;
  /** Address that the file can be fetched from; missing for a file that comes with a package. */
  url?: string;
  /** Expected checksum, and its origin: the catalogue (`pinned`) or the user (`confirmed`). */
  checksum: { origin: 'pinned' | 'confirmed'; sha256: string } | { origin: 'unknown' };
  /** Size of the file; missing if there is none. */
  bytes?: number;
}

/** Path of a downloaded file of a model. */
export const pathOfFile = (modelsDir: string, model: { id: string }, file: { name: string }): string =>
  join(modelsDir, model.id, file.name);

/** Key of a file among the confirmed checksums. */
export const keyOfFile = (model: { id: string }, file: { name: string }): string => `${model.id}/${file.name}`;

/** Finds the encoder and the decoder file of a model on this machine, without reading them. */
export async function findModelFiles(
  model: Model | DownloadableModel,
  modelsDir: string,
): Promise<[encoder: InstalledFile, decoder: InstalledFile]> {
  if (isPackaged(model)) return Promise.all([packagedFile(model.encoder), packagedFile(model.decoder)]);
  const confirmed = await readConfirmedChecksums(modelsDir);
  const checksumOf = (file: DownloadableFile): InstalledFile['checksum'] => {
    if (file.sha256) return { origin: 'pinned', sha256: file.sha256 };
    const sha256 = confirmed[keyOfFile(model, file)];
    return sha256 ? { origin: 'confirmed', sha256 } : { origin: 'unknown' };
  };
  const installed = async (file: DownloadableFile): Promise<InstalledFile> => {
    const path = pathOfFile(modelsDir, model, file);
    return { name: file.name, url: file.url, path, checksum: checksumOf(file), bytes: await sizeOf(path) };
  };
  return Promise.all([installed(model.encoder), installed(model.decoder)]);
}

async function packagedFile(file: Model['encoder']): Promise<InstalledFile> {
  const checksum = { origin: 'pinned', sha256: file.sha256 } as const;
  const path = locateModelFile(file);
  return { name: file.path, path, checksum, bytes: await sizeOf(path) };
}

const sizeOf = async (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ size }) => size,
    () => undefined,
  );

/** Result of reading a model file and comparing it with its checksum. */
export type FileState = 'fine' | 'missing' | 'damaged' | 'not confirmed';

/** Reads a whole file and compares it with its checksum. */
export async function checkModelFile({ path, checksum, bytes }: InstalledFile): Promise<FileState> {
  if (bytes === undefined) return 'missing';
  if (checksum.origin === 'unknown') return 'not confirmed';
  return (await hashFile(path)) === checksum.sha256 ? 'fine' : 'damaged';
}
