import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { root } from '../../testing/server-process.ts';

async function runDemo(env: Record<string, string> = {}): Promise<{ code: number; stdout: string; stderr: string }> {
  const script = path.join(root, 'scripts', 'demo.mjs');
  return promisify(execFile)(process.execPath, [script], { env: { ...process.env, ...env } }).then(
    (output) => ({ code: 0, ...output }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

it('npm run demo shows three jobs and their segments', async () => {
  const { code, stdout } = await runDemo();
  expect(code).toBe(0);
  expect(stdout).toMatch(/^point +Completed +[1-9]/m);
  expect(stdout).toMatch(/^box +Completed +1/m);
  expect(stdout).toMatch(/^box-and-points +Completed +1/m);
});

it('npm run demo says in words why it failed', async () => {
  const { code, stderr } = await runDemo({ KONTUR_MODEL: 'none' });
  expect(code).toBe(1);
  expect(stderr).toContain('There is no model none');
  expect(stderr).toContain('The demo did not come to its end: The server ended with exit code 1');
  expect(stderr).not.toMatch(/^ {4}at /m);
});
