import { afterAll, expect, inject, it } from 'vitest';
import { fillAllTables } from '../../testing/fill-all-tables.ts';
import { runMeasuring } from '../../testing/run-measuring.ts';
import { createFolders } from '../../testing/server-process.ts';

const folders = createFolders();
afterAll(() => folders.remove());

it('npm run bench:jobs measures both databases, in its smallest size', async () => {
  const args = ['--smoke', '--postgres', inject('postgresUrls')[18]!];
  const { code, stdout, stderr, figures, leftOver } = await runMeasuring('bench:jobs', args, folders);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('Jobs, without the engine');
  const { rows } = figures!;
  for (const kind of ['PGlite', 'PostgreSQL']) {
    expect(rows.filter(({ name }) => name.startsWith(kind)).length).toBeGreaterThan(4);
  }
  for (const { measured } of rows) expect(measured).toBeGreaterThan(0);
  expect(rows.filter(({ target }) => target !== undefined)).toHaveLength(12);
  expect(() => fillAllTables('jobs', figures!)).not.toThrow();
  expect(leftOver).toEqual([]);
});

it('npm run bench:jobs refuses what is no number of jobs', async () => {
  const { code, stderr } = await runMeasuring('bench:jobs', ['--finished', '0'], folders);
  expect({ code, stderr }).toEqual({ code: 2, stderr: '--finished takes a whole number above 0, not "0".\n' });
});
