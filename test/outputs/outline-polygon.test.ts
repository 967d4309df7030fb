import { describe, expect, it } from 'vitest';
import { MAX_VERTICES } from '#contract/limits';
import { logitsToPolygons } from '#geometry/logits-to-polygons';
import { signedArea } from '#geometry/mask-polygon';
import { ringsIntersect } from '#geometry/rings-intersect';
import { fitToModel, pixelPoint } from '#geometry/spaces';
import { type Outline, readOutline, toOutlinePolygon, toParts } from '#outputs/outline-polygon';
import { toWireOutlines, toWirePolygons } from '#outputs/to-wire-polygons';
import { ringsOf } from '../geometry/rings.ts';
import { disc, logitsOf, randomNumbers, smoothField, union, without } from '../geometry/synthetic-logits.ts';

/** Area of all parts without their holes, as a fraction of the photo. */
const areaOf = (outline: Outline): number =>
  outline.reduce((sum, [outer = [], ...holes]) => {
    return sum + holes.reduce((area, hole) => area - Math.abs(signedArea(hole)), Math.abs(signedArea(outer)));
  }, 0);

/** Outlines of random masks of random photos, found as the engine finds them; every third one in full detail. */
function* engineOutlines(count: number): Generator<Outline> {
  const random = randomNumbers(20);
  for (let seed = 0, made = 0; made < count; seed++) {
    const frame = fitToModel(400 + Math.floor(5600 * random()), 400 + Math.floor(5600 * random()));
    const blobs = smoothField(seed, 150 + 500 * random(), 0.45 + 0.15 * random());
    const field = without(blobs, smoothField(seed + 5000, 40 + 200 * random(), 0.3 + 0.1 * random()));
    const detail =
      seed % 3 === 0 ? { toleranceModelPx: 0, vertexPrice: 0, minPartFraction: 0, minHoleFraction: 0 } : {};
    const parts = logitsToPolygons(logitsOf(field, frame), frame, detail);
    const outline = toWireOutlines(parts, frame).map(({ rings }) => rings);
    if (outline.length === 0) continue;
    made++;
    yield outline;
  }
}

describe('toOutlinePolygon and readOutline', () => {
  it('keep 200 outlines of the engine as they are, and simplify those in full detail to 1000 vertices', () => {
    let simplified = 0;
    let several = 0;
    for (const outline of engineOutlines(300)) {
      const polygon = toOutlinePolygon(outline);
      expect(polygon.vertices.length).toBeGreaterThanOrEqual(3);
      expect(polygon.vertices.length).toBeLessThanOrEqual(MAX_VERTICES);
      const back = readOutline(polygon);
      const rings = outline.flat();
      const needed = rings.flat().length + 2 * (rings.length - 1);
      const area = areaOf(outline);
      if (outline.length > 1) several++;
      if (needed <= MAX_VERTICES) {
        expect(back.flat()).toHaveLength(rings.length);
        expect(polygon.vertices).toHaveLength(needed);
        expect(Math.abs(areaOf(back) - area)).toBeLessThan(1e-12);
      } else {
        simplified++;
        // Full detail, which no job gives: dozens of round rings share the vertices.
        expect(Math.abs(areaOf(back) - area) / area).toBeLessThan(0.02);
        expect(ringsIntersect(ringsOf(toParts(back)))).toBe(false);
      }
    }
    // Else the generator tries too little.
    expect(simplified).toBeGreaterThan(20);
    expect(several).toBeGreaterThan(100);
  });

  it('keep two parts with a hole vertex by vertex', () => {
    const frame = fitToModel(960, 640);
    const field = union(without(disc(300, 350, 200), disc(280, 330, 60)), disc(750, 350, 120));
    const parts = logitsToPolygons(logitsOf(field, frame), frame);
    const outline = toWireOutlines(parts, frame).map(({ rings }) => rings);
    expect(outline.map((part) => part.length)).toEqual([2, 1]);
    const asText = (all: Outline) => all.map((part) => part.map((ring) => ring.map(({ x, y }) => `${x} ${y}`).sort()));
    expect(asText(readOutline(toOutlinePolygon(outline)))).toEqual(asText(outline));
    // And each polygon that a job answers, which a client may store as it is.
    expect(asText(toWirePolygons(parts, frame).flatMap(readOutline))).toEqual(asText(outline));
  });

  it('keep the largest of more parts than fit, however many there are', () => {
    const random = randomNumbers(7);
    const outline = Array.from({ length: 900 }, (_, index) => {
      const [x, y] = [(index % 30) / 30 + 0.002, Math.floor(index / 30) / 30 + 0.002];
      const radius = 0.004 + 0.01 * random();
      return [
        [0, 1, 2, 3, 4].map((corner) =>
          pixelPoint(x + 0.015 + radius * Math.cos(corner * 1.26), y + 0.015 + radius * Math.sin(corner * 1.26)),
        ),
      ];
    });
    const { vertices } = toOutlinePolygon(outline);
    expect(vertices.length).toBeLessThanOrEqual(MAX_VERTICES);
    const back = readOutline({ vertices });
    expect(back.length).toBeGreaterThan(130);
    const smallest = Math.min(...back.map((part) => areaOf([part])));
    expect(outline.filter((part) => areaOf([part]) > smallest).length).toBeLessThanOrEqual(back.length);
  });

  it('bring a single line of 5000 vertices, however rough, within 1000', () => {
    const random = randomNumbers(3);
    const rough = Array.from({ length: 5000 }, (_, index) => {
      const angle = (2 * Math.PI * index) / 5000;
      const radius = 0.3 + 0.1 * random();
      return { x: 0.5 + radius * Math.cos(angle), y: 0.5 + radius * Math.sin(angle) };
    });
    const { vertices } = toOutlinePolygon([[rough]]);
    expect(vertices.length).toBeLessThanOrEqual(MAX_VERTICES);
    expect(areaOf(readOutline({ vertices }))).toBeGreaterThan(0.2);
  });
});
