import { afterAll, describe, expect, it } from 'vitest';
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
      const targets = figures!.rows.flatMap(({ name, note, target }) =>
        target === undefined
          ? []
          : [`${name.trim()} ${note ?? ''}: ${Object.values(target)}`.replace(/, \d+ MB of it.*/, '')],
      );
      expect(targets).toMatchInlineSnapshot(`
        [
          "ratio to the shipped graphs encode, 1024 x 1024: 0.7",
          "ratio to the shipped graphs encode, 640 x 480: 0.5",
          "ratio to the shipped graphs decode of one point, 640 x 480: 0.95",
          "ratio to the shipped graphs first answer, 640 x 480: 0.72",
          "ratio to the shipped graphs encode, 4000 x 3000: 0.5",
          "ratio to the shipped graphs decode of one point, 4000 x 3000: 0.5",
          "ratio to the shipped graphs first answer, 4000 x 3000: 0.72",
          "ratio to the shipped graphs' decode one point on a known image through HTTP, p50: 1.5",
          "ratio to the shipped graphs' decode one point, while another image is encoded, p95: 4",
          "job overhead, one point, p50 POST to Completed less the engine's own time in the same job: 15",
          "start of work after POST, at rest, p50 : 20",
          "ratio to the shipped graphs' decode a box on a known image through HTTP, p50: 1.5",
          "ratio to the shipped graphs' decode a box, while another image is encoded, p95: 4",
          "job overhead, a box, p50 POST to Completed less the engine's own time in the same job: 15",
          "ratio to the encoder alone : 0.85",
          "resident memory of the engine processes",
          "cold start of the command line, to the first polygons : 1200",
          "preparing the graphs, at the first start of all : 1500",
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
