import { afterAll, describe, expect, it } from 'vitest';
import { fillAllTables } from '../../testing/fill-all-tables.ts';
import { runMeasuring } from '../../testing/run-measuring.ts';
import { createFolders } from '../../testing/server-process.ts';

const folders = createFolders();
afterAll(() => folders.remove());

describe('npm run soak', () => {
  it('runs a dozen jobs with --smoke and shows the memory of all processes', async () => {
    const { code, stdout, stderr, figures, leftOver } = await runMeasuring('soak', ['--smoke'], folders);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Resident memory over 12 jobs');
    const megabytes = (name: string) => figures!.rows.find((row) => row.name === name)!.measured;
    for (const stage of ['start', 'middle', 'end']) {
      expect(megabytes(`engine processes, ${stage}`)).toBeGreaterThan(50);
      expect(megabytes(`whole server, ${stage}`)).toBeGreaterThan(megabytes(`engine processes, ${stage}`));
    }
    expect(megabytes('engine processes replaced')).toBe(0);
    expect(() => fillAllTables('soak', figures!)).not.toThrow();
    expect(leftOver).toEqual([]);
  });

  it('refuses a run too short to judge', async () => {
    const { code, stderr } = await runMeasuring('soak', ['--jobs', '4'], folders);
    expect(code).toBe(2);
    expect(stderr).toBe('--jobs takes 10 or more.\n');
  });
});
