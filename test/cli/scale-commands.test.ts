import { afterAll, expect, it } from 'vitest';
import { createFolders, runKontur } from '../../testing/server-process.ts';

const folders = createFolders();
afterAll(() => folders.remove());

it('kontur config print does not show the address of the database, which holds a password', async () => {
  const env = { KONTUR_DATABASE_URL: 'postgres://kontur:hunter2@db.example/kontur' };
  const { code, stdout } = await runKontur(['config', 'print'], folders, { env });
  expect(code).toBe(0);
  expect(JSON.parse(stdout).databaseUrl).toBe('(not shown)');
  expect(stdout).not.toContain('hunter2');
});

it('kontur work says all that it lacks', async () => {
  const { code, stderr } = await runKontur(['work'], folders);
  expect(code).toBe(2);
  expect(stderr).toContain('needs KONTUR_DATABASE_URL');
  expect(stderr).toContain('needs KONTUR_BLOBS');
});
