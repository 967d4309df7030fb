import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeWholeFile } from '../../src/runtime/write-whole-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kontur-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('writeWholeFile', () => {
  it('replaces what was there once the new file is complete, and leaves nothing else', async () => {
    const path = join(folder, 'a.json');
    await writeFile(path, 'old');
    const result = await writeWholeFile(path, async (draft) => {
      await writeFile(draft, 'n');
      expect(await readFile(path, 'utf8')).toBe('old');
      await writeFile(draft, 'new');
      return 3;
    });
    expect(result).toBe(3);
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  it('leaves what was there, and nothing else, where the writing fails', async () => {
    const path = join(folder, 'a.json');
    await writeFile(path, 'old');
    const failing = writeWholeFile(path, async (draft) => {
      await writeFile(draft, 'half');
      throw new Error('no room');
    });
    await expect(failing).rejects.toThrow('no room');
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['a.json']);
  });
});
