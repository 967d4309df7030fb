import { chmod, copyFile, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { tryLock } from 'fs-native-extensions';
import { KonturError } from '#contract/errors';
import type { DownloadableFile, DownloadableModel } from './catalogue.ts';
import { hashFile, rememberChecksum } from './checksums.ts';
import { discardPart, downloadFile, type ReportProgress, writeError } from './download-file.ts';
import { findModelFiles, type InstalledFile, keyOfFile, pathOfFile } from './model-files.ts';

/** A fetched file whose checksum has not been confirmed yet. */
export interface UnknownFile {
  name: string;
  /** Address or path that it came from. */
  from: string;
  sha256: string;
  bytes: number;
}

/** Options of fetching the files of a model. */
export interface PullOptions {
  modelsDir: string;
  /** Mirror or folder that has the files under their names. Default: the publisher's addresses. */
  from?: string;
  /** Refuse to fetch anything over the network. */
  offline: boolean;
  /** Called before each file is fetched; returns callbacks for its progress and its end. */
  onFile: (name: string) => { progress: ReportProgress; done: () => void };
  /** Asks whether a file of unknown checksum is the right one. */
  confirm: (file: UnknownFile) => Promise<boolean>;
}

/** A file of a pulled model, and whether it was fetched. */
export interface PulledFile {
  name: string;
  path: string;
  state: 'already there' | 'pulled';
}

/**
 * Fetches the files of a model into the folder of models. A file appears under its name only once it is complete and
 * its checksum is right or has been confirmed by the user; a confirmed checksum is stored in the folder. Until then the
 * file is called `<name>.part`.
 *
 * @throws KonturError `unavailable`, also while another process pulls the same file; `disk-full`. Both say what to do
 */
export async function pullModel(model: DownloadableModel, options: PullOptions): Promise<PulledFile[]> {
  const pulled: PulledFile[] = [];
  for (const file of [model.encoder, model.decoder]) pulled.push(await pullFile(model, file, options));
  return pulled;
}

async function pullFile(model: DownloadableModel, file: DownloadableFile, options: PullOptions): Promise<PulledFile> {
  const { name } = file;
  const path = pathOfFile(options.modelsDir, model, file);
  const { checksum, bytes } = await findFile(model, file, options.modelsDir);
  const expected = checksum.origin === 'unknown' ? undefined : checksum.sha256;
  if (bytes !== undefined && expected && (await hashFile(path)) === expected) {
    return { name, path, state: 'already there' };
  }

  const from = await locate(model, file, options);
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await alone(folder, () => fetchFile({ path, from, expected }, model, file, options));
  return { name, path, state: 'pulled' };
}

async function findFile(model: DownloadableModel, file: DownloadableFile, modelsDir: string): Promise<InstalledFile> {
  const [encoder, decoder] = await findModelFiles(model, modelsDir);
  return file === model.encoder ? encoder : decoder;
}

async function fetchFile(
  { path, from, expected }: { path: string; from: string; expected: string | undefined },
  model: DownloadableModel,
  file: DownloadableFile,
  options: PullOptions,
): Promise<void> {
  const { name } = file;
  const part = `${path}.part`;
  const { progress, done } = options.onFile(name);
  await fetchInto(part, from, progress).finally(done);

  const sha256 = await hashFile(part);
  if (expected && sha256 !== expected) {
    await discardPart(part);
    throw new KonturError(
      'unavailable',
      `${from} is not ${name} of the model ${model.id}: its SHA-256 is ${sha256}, expected is ${expected}. Nothing was kept; use another source with --from.`,
    );
  }
  if (!expected) {
    await confirmed({ name, from, sha256, bytes: (await stat(part)).size }, options);
    await rememberChecksum(options.modelsDir, keyOfFile(model, file), sha256);
  }
  // Not by writeWholeFile: what has arrived is kept where fetching fails, so that the next call resumes it.
  await rename(part, path);
  await discardPart(part);
}

/**
 * Runs the work under a lock, because two processes writing to one partial file would corrupt it. The system releases
 * the lock when the process ends, so the lock file may stay.
 */
async function alone(folder: string, work: () => Promise<void>): Promise<void> {
  const path = join(folder, '.pull.lock');
  const lock = await open(path, 'a', 0o600).catch((error) => {
    throw writeError(error, path) ?? error;
  });
  try {
    if (!tryLock(lock.fd)) {
      throw new KonturError(
        'unavailable',
        `Another process is pulling into ${folder}. Wait until it has ended, and run the command again.`,
      );
    }
    await work();
  } finally {
    await lock.close();
  }
}

async function confirmed(file: UnknownFile, { confirm }: PullOptions): Promise<void> {
  if (await confirm(file)) return;
  throw new KonturError(
    'unavailable',
    `${file.name} was not confirmed and is not used. What has arrived is kept; to accept it, run the command again with --accept-checksum ${file.sha256}`,
  );
}

const isAddress = (from: string): boolean => /^https?:\/\//i.test(from);

/** Address or path that a file is fetched from. A folder may be the folder of models of another machine. */
async function locate(model: DownloadableModel, file: DownloadableFile, options: PullOptions): Promise<string> {
  const { from, offline } = options;
  if (from !== undefined && !isAddress(from)) return locateInFolder(model, file, from);
  if (offline) {
    throw new KonturError(
      'unavailable',
      `KONTUR_OFFLINE is true, so ${file.name} is not fetched. Give a folder that has it with --from.`,
    );
  }
  const address = from === undefined ? file.url : `${from.replace(/\/+$/, '')}/${encodeURIComponent(file.name)}`;
  if (address) return address;
  throw new KonturError(
    'unavailable',
    `The files of ${model.id} are published as an archive only: fetch ${model.archive}, unpack it, and give the folder with --from.`,
  );
}

async function locateInFolder(model: DownloadableModel, { name }: DownloadableFile, folder: string): Promise<string> {
  const places = [join(folder, name), join(folder, model.id, name)];
  for (const place of places) {
    const isFile = await stat(place).then(
      (entry) => entry.isFile(),
      () => false,
    );
    if (isFile) return place;
  }
  throw new KonturError('unavailable', `There is no ${places.join(' and no ')}.`);
}

async function fetchInto(part: string, from: string, progress: ReportProgress): Promise<void> {
  if (isAddress(from)) return downloadFile(from, part, progress);
  // A partial file of an earlier download is unrelated to the file in the folder.
  await discardPart(part);
  try {
    await copyFile(from, part);
    // A copy has the mode of its source.
    await chmod(part, 0o600);
  } catch (error) {
    await rm(part, { force: true });
    throw writeError(error as NodeJS.ErrnoException, part) ?? error;
  }
}
