import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A disk that can be filled up. */
export interface SmallDisk {
  folder: string;
  /** Fills it except for the given number of bytes. Returns a function that frees the space. */
  fill(leaving: number): () => void;
  remove(): void;
}

/** Mounts a file system of `bytes` in memory; undefined if this user may not mount one. */
export function mountSmallDisk(bytes: number): SmallDisk | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), 'kontur-small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  const ballast = path.join(folder, 'ballast');
  return {
    folder,
    fill(leaving) {
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(ballast, Buffer.alloc(bavail * bsize - leaving));
      return () => truncateSync(ballast);
    },
    remove() {
      execFileSync('umount', ['--lazy', folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

/** Whether `mountSmallDisk` is possible. */
export function mayMount(): boolean {
  const disk = mountSmallDisk(1_000_000);
  disk?.remove();
  return disk !== undefined;
}

/** Limits the files of this process to `bytes` by the system. Returns a function that ends the limit. Linux only. */
export function limitFileSize(bytes: number): () => void {
  const set = (limit: string) => execFileSync('prlimit', ['--pid', `${process.pid}`, `--fsize=${limit}:`]);
  set(`${bytes}`);
  return () => set('unlimited');
}
