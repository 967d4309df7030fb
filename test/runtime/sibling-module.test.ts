import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { SOURCE_FLAGS, siblingModule } from '../../src/runtime/sibling-module.ts';

it('is a source next to a source, with what Node needs to run it', () => {
  expect(siblingModule('child', 'file:///kontur/src/engine/parent.ts')).toEqual({
    url: new URL('file:///kontur/src/engine/child.ts'),
    execArgv: SOURCE_FLAGS,
  });
});

it('is a built module next to a built one, with no flags', () => {
  const sibling = siblingModule('child', 'file:///kontur/dist/engine/parent.js');
  expect(sibling).toEqual({ url: new URL('file:///kontur/dist/engine/child.js') });
});

it('runs in a process and in a thread, and names the folders of sources', async () => {
  const { url, execArgv } = siblingModule('says-where', import.meta.url);
  const file = fileURLToPath(url);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [...execArgv!, file]);
  const thread = new Worker(url, { execArgv, stdout: true });
  let inThread = '';
  for await (const chunk of thread.stdout) inThread += chunk;
  const where = {
    contract: expect.stringMatching(/\/src\/contract\/errors\.ts$/),
    failedAt: lineOf('throw', await readFile(file, 'utf8')),
  };
  expect(JSON.parse(stdout)).toEqual(where);
  expect(JSON.parse(inThread)).toEqual(where);
  expect(stderr).toBe('');
});

const lineOf = (text: string, source: string): number =>
  source.split('\n').findIndex((line) => line.includes(text)) + 1;
