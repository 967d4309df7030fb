import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFolders, PHOTO, runKontur } from '../../testing/server-process.ts';

const folders = createFolders();
const photo = path.join(folders.base, 'boats.jpg');
beforeAll(() => writeFileSync(photo, PHOTO));
afterAll(() => folders.remove());

describe('kontur segment --format', () => {
  it('writes a segment in a format of one', async () => {
    const out = path.join(folders.base, 'cutout.png');
    const args = ['segment', photo, '--point', '0.62,0.645', '--segment', '0', '--format', 'cutout', '--out', out];
    const { code, stdout, stderr } = await runKontur(args, folders);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('wrote number 0');
    const { width, height, data } = PNG.sync.read(readFileSync(out));
    expect([width, height]).toEqual([1024, 819]);
    const alphaAt = (x: number, y: number) => data[4 * (Math.floor(y * height) * width + Math.floor(x * width)) + 3];
    expect([alphaAt(0.62, 0.645), alphaAt(0.5, 0.05)]).toEqual([255, 0]);
  });

  it('says that there is no such segment', async () => {
    const args = ['segment', photo, '--box', '0.67,0.78,1,0.99', '--format', 'svg', '--segment', '7'];
    const { code, stderr } = await runKontur(args, folders);
    expect([code, stderr]).toEqual([2, expect.stringContaining('There is no segment 7: 1 was found')]);
  });

  it('takes the options of formats, and says which of them a format has', async () => {
    const at = ['segment', photo, '--point', '0.62,0.645', '--format'];
    const { stdout } = await runKontur([...at, 'coco', '--encoding', 'uncompressed-rle'], folders);
    expect(JSON.parse(stdout).annotations[0].segmentation.counts).toEqual(expect.arrayContaining([expect.any(Number)]));
    const refusals: [args: string[], words: string][] = [
      [['svg', '--encoding', 'rle'], 'The format svg has no option "encoding"'],
      [['coco', '--encoding', 'png'], 'one of polygons, rle, uncompressed-rle'],
      [['bmp'], 'Allowed choices are json, drawing'],
    ];
    for (const [args, words] of refusals) {
      const { code, stderr } = await runKontur([...at, ...args], folders);
      expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
    }
  });

  it('says what an index is', async () => {
    const { code, stderr } = await runKontur(['segment', photo, '--point', '0.5,0.5', '--segment', 'x'], folders);
    expect([code, stderr]).toEqual([2, expect.stringContaining('whole number')]);
  });
});
