import { afterAll, describe, expect, it } from 'vitest';
import { fillAllTables } from '../../testing/fill-all-tables.ts';
import { runMeasuring } from '../../testing/run-measuring.ts';
import { createFolders } from '../../testing/server-process.ts';

const folders = createFolders();
afterAll(() => folders.remove());

describe('npm run bench', () => {
  it('measures every target once with --smoke', async () => {
    const { code, stdout, stderr, figures, leftOver } = await runMeasuring('bench', ['--smoke'], folders);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^measure +result +target$/m);
    for (const { name, measured } of figures!.rows) expect(measured, name).toBeTypeOf('number');
    // Every row that a table of the docs shows, by its name.
    expect(() => fillAllTables('bench', figures!)).not.toThrow();
    expect(leftOver).toEqual([]);
  });

  it('refuses rounds that are no number', async () => {
    const { code, stderr } = await runMeasuring('bench', ['--rounds', 'many'], folders);
    expect(code).toBe(2);
    expect(stderr).toBe('--rounds takes a whole number above 0, not "many".\n');
  });
});
