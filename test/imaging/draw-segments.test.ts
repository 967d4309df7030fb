import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MaskPolygon } from '#geometry/mask-polygon';
import { drawSegments } from '../../src/imaging/draw-segments.ts';
import { rectangle } from '../geometry/rings.ts';

const limits = { maxPixels: 100_000_000 };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kontur-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function blackImage(width: number, height: number, orientation = 1): Promise<string> {
  const path = join(folder, `${width}x${height}.jpg`);
  const image = sharp({ create: { width, height, channels: 3, background: '#000000' } });
  await image.withMetadata({ orientation }).jpeg().toFile(path);
  return path;
}

/** A square with a square hole, in a photo with a side of so many pixels. */
const frame = (side: number): { parts: MaskPolygon[] } => ({
  parts: [
    {
      outer: rectangle(0.2 * side, 0.2 * side, 0.8 * side, 0.8 * side),
      holes: [rectangle(0.4 * side, 0.4 * side, 0.6 * side, 0.6 * side).toReversed()],
    },
  ],
});

async function draw(path: string, drawing: Parameters<typeof drawSegments>[1]) {
  const png = await drawSegments(path, drawing, limits);
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => {
    const start = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels;
    return [...data.subarray(start, start + 3)];
  };
  return { info, at };
}

describe('drawSegments', () => {
  it('fills the segment, leaves its hole, and draws a line along both', async () => {
    const { info, at } = await draw(await blackImage(800, 800), { segments: [frame(800)], prompt: {} });
    expect(info).toMatchObject({ width: 800, height: 800 });
    const fill = at(0.7, 0.5);
    expect(fill[0]).toBeGreaterThan(60);
    expect(at(0.5, 0.5)).toEqual([0, 0, 0]);
    expect(at(0.1, 0.1)).toEqual([0, 0, 0]);
    expect(at(0.3, 0.4), 'between outline and hole').toEqual(fill);
    expect(at(0.4, 0.5), 'on the line of the hole').not.toEqual(fill);
    expect(at(0.2, 0.6), 'on the outline').not.toEqual(fill);
  });

  it('marks foreground points green, background points red, and the box', async () => {
    const prompt = {
      points: [
        { x: 0.25, y: 0.5, label: 1 as const },
        { x: 0.75, y: 0.5, label: 0 as const },
      ],
      boundingBox: { xMin: 0.1, yMin: 0.1, xMax: 0.9, yMax: 0.9 },
    };
    const { at } = await draw(await blackImage(1000, 500), { segments: [], prompt });
    const [green, red] = [at(0.254, 0.508), at(0.754, 0.508)];
    expect(green[1]).toBeGreaterThan(green[0]! + 50);
    expect(red[0]).toBeGreaterThan(red[1]! + 50);
    const top = Array.from({ length: 100 }, (_, i) => at(0.1 + i * 0.008, 0.1)[0]!);
    expect(Math.max(...top)).toBeGreaterThan(200);
  });

  it('turns the photo upright, scales a large one down and a tiny one up', async () => {
    expect((await draw(await blackImage(4000, 3000, 6), { segments: [], prompt: {} })).info).toMatchObject({
      width: 1536,
      height: 2048,
    });
    expect((await draw(await blackImage(1, 1), { segments: [frame(1)], prompt: {} })).info).toMatchObject({
      width: 512,
    });
  });
});
