import { buffer } from 'node:stream/consumers';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { rasterise } from '#geometry/rasterise';
import { encodeMaskPng } from '../../src/imaging/encode-mask-png.ts';
import { rectangle } from '../geometry/rings.ts';
import { SHAPES, SHAPES_IMAGE } from '../outputs/output-shapes.ts';

const read = async (...parameters: Parameters<typeof encodeMaskPng>) =>
  PNG.sync.read(await buffer(encodeMaskPng(...parameters)));
const channel = ({ data }: PNG, offset: number) =>
  Uint8Array.from({ length: data.length / 4 }, (_, i) => data[4 * i + offset]!);

describe('encodeMaskPng', () => {
  it('writes the pixels of the mask, 255 inside, 0 outside and in holes', async () => {
    const png = await read(SHAPES, SHAPES_IMAGE);
    expect([png.width, png.height]).toEqual([120, 90]);
    const truth = rasterise(SHAPES, 120, 90).map((value) => 255 * value);
    expect(channel(png, 0)).toEqual(truth);
    expect(channel(png, 3)).toEqual(truth.map(() => 255));
  });

  it('writes rows that do not fill a piece evenly', async () => {
    const size = { imageWidth: 30_001, imageHeight: 5 };
    const png = await read([{ outer: rectangle(1, 1, 30_000, 4), holes: [] }], size);
    expect([png.width, png.height]).toEqual([30_001, 5]);
    const set = channel(png, 0).reduce((count, value) => count + Number(value === 255), 0);
    expect(set).toBe(29_999 * 3);
  });

  it('writes a mask with nothing in it', async () => {
    expect(new Set(channel(await read([], { imageWidth: 3, imageHeight: 2 }), 0))).toEqual(new Set([0]));
  });

  it('can make what is outside transparent', async () => {
    const png = await read(SHAPES, SHAPES_IMAGE, { transparentOutside: true });
    expect(channel(png, 3)).toEqual(rasterise(SHAPES, 120, 90).map((value) => 255 * value));
  });
});
