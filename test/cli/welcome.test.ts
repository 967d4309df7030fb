import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFolders, root, type ServerProcess, startServerProcess } from '../../testing/server-process.ts';

const folders = createFolders({ firstStart: true });
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess(folders);
});
afterAll(async () => {
  await server.end('SIGTERM');
  folders.remove();
});

it('the example that the server prints works when pasted into a shell', async () => {
  const { stdout: welcome } = server.output();
  const example = welcome
    .split('\n')
    .filter((line) => line.startsWith('  '))
    .slice(1)
    .join('\n');
  expect(example).toContain('kontur token');
  const { stdout } = await promisify(execFile)('bash', ['-euc', example], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: folders.home, TMPDIR: folders.temporary },
  });
  const job = JSON.parse(stdout);
  expect(job).toMatchObject({ status: 'Completed', failedItems: [] });
  expect(job.items[0].segments.length).toBeGreaterThan(0);
});

it('says where the server is, how to get a token, and where the API is described', () => {
  const { stdout } = server.output();
  for (const text of [server.url, 'npx --no-install kontur token', '/openapi.json', 'Ctrl-C'])
    expect(stdout).toContain(text);
});
