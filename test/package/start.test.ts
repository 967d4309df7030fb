import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { createFolders, environment, root } from '../../testing/server-process.ts';

const folders = createFolders();
afterAll(() => folders.remove());

it('npm start runs a server until it is stopped', async () => {
  const child = spawn(process.execPath, [path.join(root, 'scripts', 'start.mjs')], { env: environment(folders) });
  const exited = once(child, 'exit');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  while (!output.includes('API description')) {
    if (child.exitCode !== null) throw new Error(`npm start ended: ${output}`);
    await sleep(20);
  }
  expect(output).toMatch(/listens at http:\/\/127\.0\.0\.1:\d+/);
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});
