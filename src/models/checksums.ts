import { createReadStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { measureStream } from '../runtime/hash-stream.ts';
import { writeWholeFile } from '../runtime/write-whole-file.ts';

// Checksums that the user of this machine has confirmed, stored in the folder of models: the catalogue does not have
// one for every file.

/** SHA-256 of files that the user has confirmed, by `<model id>/<file name>`. */
export type ConfirmedChecksums = Record<string, string>;

const fileOf = (modelsDir: string): string => join(modelsDir, 'checksums.json');

/**
 * Reads the confirmed checksums; empty if the folder has no such file.
 *
 * @throws if the file is not one that `rememberChecksum` wrote
 */
export async function readConfirmedChecksums(modelsDir: string): Promise<ConfirmedChecksums> {
  const text = await readFile(fileOf(modelsDir), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  try {
    return JSON.parse(text) as ConfirmedChecksums;
  } catch {
    throw new Error(
      `${fileOf(modelsDir)} is damaged. Delete it and confirm the checksums again: kontur models pull <name>.`,
    );
  }
}

/** Adds or replaces the confirmed checksum of a file. The file of checksums is replaced atomically. */
export async function rememberChecksum(modelsDir: string, file: string, sha256: string): Promise<void> {
  const checksums = { ...(await readConfirmedChecksums(modelsDir)), [file]: sha256 };
  const target = fileOf(modelsDir);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  await writeWholeFile(target, (draft) =>
    writeFile(draft, `${JSON.stringify(checksums, null, 2)}\n`, { mode: 0o600, flush: true }),
  );
}

/** SHA-256 of a file, hexadecimal. The file is read as a stream. */
export async function hashFile(path: string): Promise<string> {
  return (await measureStream(createReadStream(path))).sha256;
}
