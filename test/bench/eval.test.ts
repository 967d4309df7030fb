import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readObjects } from '../../bench/coco-objects.ts';
import { writeScenes } from '../../bench/write-scenes.ts';
import { fillAllTables } from '../../testing/fill-all-tables.ts';
import { runMeasuring } from '../../testing/run-measuring.ts';
import { createFolders } from '../../testing/server-process.ts';

const folders = createFolders();
afterAll(() => folders.remove());

describe('npm run eval', () => {
  it('finds the solid shapes of its own scenes with --smoke', async () => {
    const { code, stdout, stderr, figures, leftOver } = await runMeasuring('eval', ['--smoke'], folders);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ellipses: box +9\d\.\d +>= 95\.0 +met$/m);
    const scores = figures!.rows.filter(({ target }) => target !== undefined);
    expect(scores.map(({ name }) => name)).toEqual(
      ['ellipses', 'polygons'].flatMap((set) =>
        ['box', 'one click, first segment', 'one click, best of the answered', '3 clicks', '5 clicks'].map(
          (kind) => `${set}: ${kind}`,
        ),
      ),
    );
    for (const { name, measured } of scores) expect(measured, name).toBeGreaterThan(95);
    const lessPlain = figures!.rows.find(({ name }) => name === 'mean over the sets: 5 clicks, less plain weights');
    expect(Math.abs(lessPlain!.measured)).toBeLessThan(5);
    expect(lessPlain!.interval![0]).toBeLessThanOrEqual(lessPlain!.measured);
    for (const name of ['eval', 'eval-mosaic', 'eval-mosaic-whole']) {
      expect(() => fillAllTables(name, figures!)).not.toThrow();
    }
    expect(leftOver).toEqual([]);
  });

  it('ends with exit code 1 where a target is missed', async () => {
    // The name of the set has the targets.
    const data = path.join(folders.base, 'coco-train-100');
    await writeScenes(data, [[320, 240, 'ellipse', 0.4]]);
    const [object] = readFileSync(path.join(data, 'objects.jsonl'), 'utf8')
      .split('\n')
      .map((line) => line && JSON.parse(line));
    // A truth that no prompt can lead to: the lowest row of the image.
    object.segmentation.counts = [239, ...Array.from({ length: 319 }, () => [1, 239]).flat(), 1];
    writeFileSync(path.join(data, 'objects.jsonl'), `${JSON.stringify(object)}\n`);
    expect(readObjects(data)[0]!.mask.reduce((sum, inside) => sum + inside, 0)).toBe(320);

    const { code, stdout, figures } = await runMeasuring('eval', ['--data', data], folders);
    expect(code).toBe(1);
    expect(stdout).toContain('MISSED');
    expect(figures!.rows.find(({ name }) => name === 'coco-train-100: box')).toMatchObject({
      met: false,
      target: { atLeast: 73.7 },
    });
  });

  it.each([
    ['no data', [], /Usage/],
    ['a folder without objects', ['--data', 'bench'], /There is no objects\.jsonl in bench or its folders/],
    ['both data and --smoke', ['--smoke', '--data', 'bench'], /Usage/],
    ['an unknown option', ['--smok'], /--smok[\s\S]*Usage/],
    ['a mosaic without its rows', ['--data', 'bench', '--mosaic', '4'], /--mosaic takes columns and rows/],
  ])('ends with exit code 2 for %s', async (_, args, message) => {
    const { code, stderr } = await runMeasuring('eval', args, folders);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
