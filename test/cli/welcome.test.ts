import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleCommands } from '../../src/cli/welcome.ts';
import { createFolders, type ServerProcess, startServerProcess } from '../../testing/server-process.ts';

const folders = createFolders({ firstStart: true });
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess(folders);
});
afterAll(async () => {
  await server.end('SIGTERM');
  folders.remove();
});

/** What a shell makes of commands that are pasted into it, in a folder that has nothing to do with Kontur. */
async function paste(commands: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PATH: process.env.PATH, HOME: folders.home, TMPDIR: folders.temporary };
  return promisify(execFile)('bash', ['--norc', '-c', commands], {
    cwd: folders.temporary,
    env,
    timeout: 120_000,
  }).then(
    (output) => ({ code: 0, ...output }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

describe('the example that the server prints', () => {
  it('works in any folder when pasted into a shell, and leaves nothing there', async () => {
    const lines = server.output().stdout.split('\n');
    const example = lines.slice(lines.indexOf('  ( set -e')).filter((line) => line.startsWith('  '));
    const { code, stdout, stderr } = await paste(example.join('\n'));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const job = JSON.parse(stdout);
    expect(job).toMatchObject({ status: 'Completed', failedItems: [] });
    expect(job.items[0].segments.length).toBeGreaterThan(0);
    expect(readdirSync(folders.home)).toEqual([]);
  });

  it('ends with words where no token is to be had', async () => {
    const { code, stdout, stderr } = await paste(exampleCommands(server.url, 'echo no data folder >&2; false'));
    expect([code === 0, stdout]).toEqual([false, '']);
    expect(stderr).toBe('no data folder\n');
  });

  it('ends with words where the token has ended', async () => {
    const { code, stderr } = await paste(exampleCommands(server.url, 'echo ended'));
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/token|unauthori[sz]ed/i);
  });

  it('ends with words where the server has been stopped', async () => {
    const { code, stderr } = await paste(exampleCommands('http://127.0.0.1:1', 'echo token'));
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/connect/i);
  });

  it('ends with words where something else answers', async () => {
    const other = createServer((_, answer) => answer.end('<html>')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await paste(exampleCommands(`http://127.0.0.1:${port}`, 'echo token'));
    other.close();
    expect(code).not.toBe(0);
    expect(stderr).toContain('JSON');
  });
});

it('says where the server is, how to get a token, and where the API is described', async () => {
  const { stdout } = server.output();
  for (const text of [server.url, '/openapi.json', 'Ctrl-C']) expect(stdout).toContain(text);
  const command = /An access token.*\n {2}(.*)\n/.exec(stdout)?.[1] ?? '';
  const { stdout: token } = await paste(command);
  expect(token.split('.')).toHaveLength(3);
});
