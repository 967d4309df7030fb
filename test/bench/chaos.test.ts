import { afterAll, expect, it } from 'vitest';
import { runMeasuring } from '../support/run-measuring.ts';
import { createFolders } from '../support/server-process.ts';
import { newLocation } from '../support/test-database.ts';

const TIMEOUT_MS = 400_000;
const folders = createFolders();
afterAll(() => folders.remove());

it(
  'npm run chaos loses nothing and ends every job once, in its smallest size',
  async () => {
    const { location, remove } = await newLocation('PostgreSQL');
    const url = 'url' in location ? location.url : '';
    const measured = await runMeasuring('chaos', ['--smoke', '--database', url], folders);
    const { code, stdout, stderr, figures } = measured;
    await remove();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('200 jobs, 2 workers, seed 1');
    const figure = (name: string) => figures!.rows.find((row) => row.name === name)!.measured;
    expect(figure('completed') + figure('failed, having been interrupted three times')).toBe(200);
    expect(figure('workers killed')).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);

it('npm run chaos refuses what is no number of jobs', async () => {
  const { code, stderr } = await runMeasuring('chaos', ['--jobs', 'many'], folders);
  expect({ code, stderr }).toEqual({ code: 2, stderr: '--jobs takes a whole number above 0, not "many".\n' });
});
