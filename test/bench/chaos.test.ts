import { afterAll, expect, it } from 'vitest';
import { runMeasuring } from '../../testing/run-measuring.ts';
import { createFolders } from '../../testing/server-process.ts';
import { newPostgresDatabase } from '../../testing/test-database.ts';

const folders = createFolders();
afterAll(() => folders.remove());

it('npm run chaos loses nothing and ends every job once, in its smallest size', async () => {
  const { url, remove } = await newPostgresDatabase({ empty: true });
  const measured = await runMeasuring('chaos', ['--smoke', '--database', url], folders);
  const { code, stdout, stderr, figures, leftOver } = measured;
  await remove();
  expect({ code, stderr, leftOver }).toEqual({ code: 0, stderr: '', leftOver: [] });
  expect(stdout).toContain('PostgreSQL: 40 jobs, 2 workers, seed 1');
  expect(stdout).toContain('Embedded: 40 jobs, one process, seed 1');
  const figure = (name: string) => figures!.rows.find((row) => row.name === name)!.measured;
  for (const database of ['PostgreSQL', 'Embedded']) {
    const failed = figure(`${database}: failed, having been interrupted three times`);
    // A post whose answer was lost with its process may have made a job too.
    expect(figure(`${database}: completed`) + failed).toBeGreaterThanOrEqual(40);
    expect(figure(`${database}: processes killed`)).toBeGreaterThan(0);
    expect(figure(`${database}: store cut off`)).toBeGreaterThan(0);
  }
});

it('npm run chaos refuses what is no number of jobs', async () => {
  const { code, stderr } = await runMeasuring('chaos', ['--jobs', 'many'], folders);
  expect({ code, stderr }).toEqual({ code: 2, stderr: '--jobs takes a whole number above 0, not "many".\n' });
});
