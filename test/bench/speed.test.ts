import { afterAll, describe, expect, it } from 'vitest';
import { fillAllTables } from '../../testing/fill-all-tables.ts';
import { runMeasuring } from '../../testing/run-measuring.ts';
import { createFolders } from '../../testing/server-process.ts';

const TIMEOUT_MS = 400_000;
const folders = createFolders();
afterAll(() => folders.remove());

describe('npm run bench', () => {
  it(
    'measures every target once with --smoke',
    async () => {
      const { code, stdout, stderr, figures, leftOver } = await runMeasuring('speed', ['--smoke'], folders);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^measure +result +target$/m);
      for (const { name, measured } of figures!.rows) expect(measured, name).toBeTypeOf('number');
      expect(() => fillAllTables('bench', figures!)).not.toThrow();
      const targets = figures!.rows.flatMap(({ name, target }) =>
        target === undefined ? [] : [`${name}: ${Object.values(target)}`],
      );
      expect(targets).toMatchInlineSnapshot(`
        [
          "encode, 1024 x 1024: ratio to the shipped graphs: 0.7",
          "encode, 640 x 480: ratio to the shipped graphs: 0.5",
          "decode of one point, 640 x 480: ratio to the shipped graphs: 0.95",
          "first answer, 640 x 480: ratio to the shipped graphs: 0.72",
          "encode, 4000 x 3000: ratio to the shipped graphs: 0.5",
          "decode of one point, 4000 x 3000: ratio to the shipped graphs: 0.5",
          "first answer, 4000 x 3000: ratio to the shipped graphs: 0.72",
          "one point on a known image through HTTP, p50: ratio to the shipped graphs' decode: 1.5",
          "one point, while another image is encoded, p95: ratio to the shipped graphs' decode: 4",
          "job overhead, one point, p50: 15",
          "start of work after POST, at rest, p50: 20",
          "a box on a known image through HTTP, p50: ratio to the shipped graphs' decode: 1.5",
          "a box, while another image is encoded, p95: ratio to the shipped graphs' decode: 4",
          "job overhead, a box, p50: 15",
          "new images through HTTP, 8 jobs at a time: ratio to the encoder alone: 0.85",
          "resident memory of the engine processes less their caches: 500",
          "cold start of the command line, to the first polygons: 1200",
          "preparing the graphs, at the first start of all: 1500",
        ]
      `);
      expect(leftOver).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it('refuses rounds that are no number', async () => {
    const { code, stderr } = await runMeasuring('speed', ['--rounds', 'many'], folders);
    expect(code).toBe(2);
    expect(stderr).toBe('--rounds takes a whole number above 0, not "many".\n');
  });
});
