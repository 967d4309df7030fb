import { copyFile, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * Runs `use` with a path of the file that the image library takes for a name: it reads brackets at the end of one as
 * options, such as `[shrink=8]`.
 */
export async function withPlainName<Result>(file: string, use: (path: string) => Promise<Result>): Promise<Result> {
  if (!file.endsWith(']')) return use(file);
  const folder = await mkdtemp(path.join(tmpdir(), 'kontur-'));
  try {
    const name = path.join(folder, 'photo');
    // Windows allows links to few.
    await symlink(path.resolve(file), name).catch(() => copyFile(file, name));
    return await use(name);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
