import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Image bytes as files in a private temporary folder, for child processes, which decode images by path. */
export interface TemporaryImages {
  /** The temporary folder. */
  folder: string;
  /**
   * Runs `use` with the path of a file of these bytes. Calls with the same content share the file; the last one deletes
   * it.
   */
  withFile<Result>(contentHash: string, bytes: Uint8Array, use: (path: string) => Promise<Result>): Promise<Result>;
  remove(): Promise<void>;
}

/** Creates the private temporary folder for image files. */
export async function createTemporaryImages(): Promise<TemporaryImages> {
  const folder = await mkdtemp(join(tmpdir(), 'kontur-'));
  const users = new Map<string, { count: number; written: Promise<void> }>();
  return {
    folder,
    async withFile(contentHash, bytes, use) {
      const path = join(folder, contentHash);
      const file = users.get(contentHash) ?? { count: 0, written: writeFile(path, bytes, { mode: 0o600 }) };
      users.set(contentHash, file);
      file.count++;
      try {
        await file.written;
        return await use(path);
      } finally {
        file.count--;
        if (file.count === 0) {
          users.delete(contentHash);
          await rm(path, { force: true });
        }
      }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
