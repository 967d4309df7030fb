import { check } from '@placemarkio/check-geojson';
import { describe, expect, it } from 'vitest';
import { maskIou } from '#geometry/mask-iou';
import { rasterise } from '#geometry/rasterise';
import { pixelPoint } from '#geometry/spaces';
import { type GeoJsonSegments, toGeoJson } from '#outputs/geojson';
import { SHAPES, SHAPES_IMAGE } from './output-shapes.ts';

const { imageWidth: width, imageHeight: height } = SHAPES_IMAGE;
const document = toGeoJson(SHAPES_IMAGE, [
  { index: 0, score: 0.9, parts: SHAPES },
  { index: 1, score: 0.5, parts: SHAPES.slice(0, 1) },
]);

/** The area of a ring by the formula for axes of which y grows upwards: positive where it runs counterclockwise. */
const area = (ring: [x: number, y: number][]) =>
  ring.slice(1).reduce((sum, [x, y], i) => sum + (ring[i]![0] * y - x * ring[i]![1]) / 2, 0);

describe('toGeoJson', () => {
  it('writes what a validator of RFC 7946 accepts', () => {
    expect(check(JSON.stringify(document))).toMatchObject({ type: 'FeatureCollection' });
    expect(() => check(JSON.stringify(document).replace('"Polygon"', '"Poligon"'))).toThrow();
  });

  it('tells one part from several', () => {
    expect(document.features.map(({ geometry }) => geometry.type)).toEqual(['MultiPolygon', 'Polygon']);
    expect(document.features[1]!.properties).toMatchObject({ segment: 1, score: 0.5, imageWidth: width });
    expect(document.features[0]!.bbox).toEqual([8.6, 5.25, 110.7, 80.9]);
  });

  it('has the label of a segment among its properties', () => {
    const named = toGeoJson(SHAPES_IMAGE, [
      { index: 0, score: 1, parts: SHAPES, label: 'pump' },
      { index: 1, score: 1, parts: SHAPES },
    ]);
    expect(named.features.map(({ properties }) => properties.label)).toEqual(['pump', undefined]);
    expect(Object.keys(named.features[1]!.properties)).not.toContain('label');
  });

  it('counts y from the lower edge on request, still counterclockwise', () => {
    const [{ bbox, geometry }] = toGeoJson(SHAPES_IMAGE, [{ index: 0, score: 1, parts: SHAPES }], 'up').features as [
      GeoJsonSegments['features'][number],
    ];
    expect(bbox).toEqual([8.6, height - 80.9, 110.7, height - 5.25].map((value) => expect.closeTo(value, 6)));
    const upright = document.features[0]!.geometry.coordinates as [number, number][][][];
    for (const [index, [outer, ...holes]] of (geometry.coordinates as [number, number][][][]).entries()) {
      expect(area(outer!)).toBeCloseTo(area(upright[index]![0]!), 6);
      for (const hole of holes) expect(area(hole)).toBeLessThan(0);
    }
  });

  it('closes rings and winds outlines counterclockwise, holes clockwise, also where the rings given do not', () => {
    const turned = SHAPES.map(({ outer, holes }) => ({
      outer: outer.toReversed(),
      holes: holes.map((h) => h.toReversed()),
    }));
    for (const parts of [SHAPES, turned]) {
      const { geometry } = toGeoJson(SHAPES_IMAGE, [{ index: 0, score: 1, parts }]).features[0]!;
      for (const [outer, ...holes] of geometry.coordinates as [number, number][][][]) {
        for (const ring of [outer!, ...holes]) expect(ring.at(-1)).toEqual(ring[0]!);
        expect(area(outer!)).toBeGreaterThan(0);
        for (const hole of holes) expect(area(hole)).toBeLessThan(0);
      }
    }
  });

  it('keeps the mask, holes and all', () => {
    const polygons = document.features[0]!.geometry.coordinates as [number, number][][][];
    const parts = polygons.map((rings) => {
      const [outer, ...holes] = rings.map((ring) => ring.slice(1).map(([x, y]) => pixelPoint(x, y)));
      return { outer: outer!, holes };
    });
    expect(parts[0]!.holes).toHaveLength(2);
    expect(maskIou(rasterise(parts, width, height), rasterise(SHAPES, width, height))).toBeGreaterThan(0.999);
  });
});
