import { describe, expect, it } from 'vitest';
import { maskIou } from '#geometry/mask-iou';
import { rasterise } from '#geometry/rasterise';
import { pixelPoint } from '#geometry/spaces';
import { toLabelMe } from '#outputs/labelme';
import { SHAPES, SHAPES_IMAGE } from './output-shapes.ts';

const { imageWidth: width, imageHeight: height } = SHAPES_IMAGE;
const image = { ...SHAPES_IMAGE, imagePath: 'pump.jpg' };
const segment = { index: 3, score: 0.9, parts: SHAPES };

describe('toLabelMe', () => {
  it('says what LabelMe reads: the photo by its name, and no content of it', () => {
    const { shapes, ...file } = toLabelMe(image, [segment], 'pump');
    expect(file).toEqual({
      version: '5.0.0',
      flags: {},
      imagePath: 'pump.jpg',
      imageData: null,
      imageWidth: width,
      imageHeight: height,
    });
    for (const shape of shapes) expect(shape).toMatchObject({ label: 'pump', shape_type: 'polygon', flags: {} });
  });

  it('groups the parts of one segment, and leaves alone what has one part', () => {
    const { shapes } = toLabelMe(image, [segment, { ...segment, index: 4, parts: SHAPES.slice(1) }], 'pump');
    expect(shapes.map(({ group_id }) => group_id)).toEqual([3, 3, null]);
  });

  it.each(['even-odd', 'non-zero'] as const)('keeps the mask, holes and all, filled %s', (rule) => {
    const polygons = toLabelMe(image, [segment], 'pump').shapes.map(({ points }) => ({
      outer: points.map(([x, y]) => pixelPoint(x, y)),
      holes: [],
    }));
    expect(maskIou(rasterise(polygons, width, height, rule), rasterise(SHAPES, width, height))).toBeGreaterThan(0.999);
  });

  it('names a segment by its own label, and the others as asked for', () => {
    const { shapes } = toLabelMe(image, [{ ...segment, label: 'valve' }, segment], 'pump');
    expect(shapes.map(({ label }) => label)).toEqual(['valve', 'valve', 'pump', 'pump']);
  });

  it('has no shapes without segments', () => {
    expect(toLabelMe(image, [], 'pump').shapes).toEqual([]);
  });
});
