import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockFolder } from '../../src/database/lock-folder.ts';
import { openDatabase } from '../../src/database/open-database.ts';
import { SOURCE_FLAGS } from '../../src/runtime/sibling-module.ts';

const entry = new URL('../../src/database/lock-folder.ts', import.meta.url);
/** A process that locks the folder and keeps it until it is killed. */
const HOLDER = `
  const { lockFolder } = await import(${JSON.stringify(entry.href)});
  await lockFolder(process.argv[1]);
  console.log('locked');
  setInterval(() => {}, 1000);
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kontur-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function startHolder() {
  const holder = spawn(process.execPath, [...SOURCE_FLAGS, '--input-type=module', '-e', HOLDER, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  return holder;
}

it('refuses a folder that another process holds, naming it, before anything is written there', async () => {
  const holder = await startHolder();
  await expect(openDatabase({ dataDir: folder })).rejects.toThrow(
    `The data folder ${folder} is in use by another Kontur server (process ${holder.pid})`,
  );
  holder.kill('SIGKILL');
  await once(holder, 'exit');
});

it('has the folder back as soon as the holder is killed', async () => {
  const holder = await startHolder();
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  await (await lockFolder(folder)).release();
});

it('refuses the folder to a second caller in the same process, until the first releases it', async () => {
  const lock = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow(`(process ${process.pid})`);
  await lock.release();
  await (await lockFolder(folder)).release();
});

it('does not take a left-over file for a lock, and creates missing folders', async () => {
  await writeFile(join(folder, 'kontur.lock'), '1234567\n');
  await (await lockFolder(folder)).release();
  await (await lockFolder(join(folder, 'not', 'there', 'yet'))).release();
});
