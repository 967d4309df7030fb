import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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

  it('writes where it is told to, whole folders too', async () => {
    const draft = join(folder, 'tmp', 'half');
    const write = async (place: string) => {
      await mkdir(place, { recursive: true });
      await writeFile(join(place, 'a'), place);
    };
    await writeWholeFile(join(folder, 'whole'), write, draft);
    expect(await readFile(join(folder, 'whole', 'a'), 'utf8')).toBe(draft);
    const failing = writeWholeFile(join(folder, 'other'), (place) => write(place).then(() => Promise.reject(1)), draft);
    await expect(failing).rejects.toBe(1);
    expect([await readdir(folder), await readdir(join(folder, 'tmp'))]).toEqual([['tmp', 'whole'], []]);
  });

  it('an error is the one of the writing, also where nothing can be deleted any more', async () => {
    const path = join(folder, 'gone', 'a.json');
    await writeFile(join(folder, 'gone'), 'a file, where a folder was');
    await expect(writeWholeFile(path, (draft) => writeFile(draft, 'x'))).rejects.toThrow('ENOTDIR');
  });
});
