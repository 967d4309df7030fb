import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Files in the folder for temporary files by which processes hand each other what is large: it does not pass through the server. */
export interface TemporaryFiles {
  /** Removes the file when `use` is over, whoever wrote it. */
  during<Result>(use: (path: string) => Promise<Result>): Promise<Result>;
  /** Removes the folder. */
  close(): Promise<void>;
}

/** Makes a folder of that name and an ending of its own when it is first needed, which nobody else may look into. */
export function createTemporaryFiles(name: string): TemporaryFiles {
  let made: Promise<string> | undefined;

  return {
    async during(use) {
      made ??= mkdtemp(join(tmpdir(), `${name}-`));
      const folder = await made;
      // Systems tidy away what lies unused among temporary files for some days.
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const path = join(folder, randomUUID());
      try {
        return await use(path);
      } finally {
        await rm(path, { force: true });
      }
    },
    async close() {
      if (made) await rm(await made, { recursive: true, force: true });
    },
  };
}
