import { afterAll, expect, it } from 'vitest';
import { runMeasuring } from '../../testing/run-measuring.ts';
import { createFolders } from '../../testing/server-process.ts';

const folders = createFolders();
afterAll(() => folders.remove());

it('npm run bench:studio measures every budget once with --smoke', async () => {
  const { code, stdout, stderr, figures, leftOver } = await runMeasuring('bench:studio', ['--smoke'], folders);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^measure +result +target$/m);
  for (const { name, measured } of figures!.rows) expect(measured, name).toBeTypeOf('number');
  expect(leftOver).toEqual([]);
});
