import { describe, expect, it } from 'vitest';
import { isValidPolygon } from '#geometry/is-valid-polygon';
import { type MaskPolygon, polygonArea, signedArea } from '#geometry/mask-polygon';
import { rasterise } from '#geometry/rasterise';
import { pixelPoint } from '#geometry/spaces';
import { combineParts, cutToPhoto, strokeArea, untangle } from '../../studio/src/correct/combine-parts.ts';
import { fitShape } from '../../studio/src/correct/fit-shape.ts';
import {
  deleteVertex,
  hitOutline,
  insertVertex,
  moveVertex,
  stepVertex,
  vertexAt,
} from '../../studio/src/correct/hit-outline.ts';
import { fromParts, toParts } from '../../studio/src/correct/outline-parts.ts';

const SIZE = { width: 120, height: 90 };
const ring = (...corners: [number, number][]) => corners.map(([x, y]) => pixelPoint(x, y));
const box = (left: number, top: number, right: number, bottom: number) =>
  ring([left, top], [right, top], [right, bottom], [left, bottom]);
const part = (outer: MaskPolygon['outer'], ...holes: MaskPolygon['holes']): MaskPolygon => ({ outer, holes });
const RINGED = part(box(20.13, 20.4, 80.7, 70.2), box(40, 35, 60, 55).toReversed());
const pixels = (parts: MaskPolygon[]) => rasterise(parts, SIZE.width, SIZE.height);

/** Pixels whose centre is within a distance of a way, counted one by one. */
function nearWay(way: [number, number][], radius: number): Uint8Array {
  const mask = new Uint8Array(SIZE.width * SIZE.height);
  for (const place of mask.keys()) {
    const [x, y] = [(place % SIZE.width) + 0.5, Math.floor(place / SIZE.width) + 0.5];
    for (const [index, [toX, toY]] of way.entries()) {
      const [fromX, fromY] = way[Math.max(index - 1, 0)] ?? [toX, toY];
      const [dx, dy] = [toX - fromX, toY - fromY];
      const along = ((x - fromX) * dx + (y - fromY) * dy) / (dx * dx + dy * dy || 1);
      const share = Math.min(Math.max(along, 0), 1);
      if (Math.hypot(fromX + share * dx - x, fromY + share * dy - y) <= radius) mask[place] = 1;
    }
  }
  return mask;
}
const countDifferent = (one: Uint8Array, other: Uint8Array) =>
  one.filter((pixel, place) => pixel !== other[place]).length;
const ones = (mask: Uint8Array) => mask.reduce((sum, pixel) => sum + pixel, 0);

describe('a brush', () => {
  const WAY: [number, number][] = [
    [10, 45],
    [50, 30.5],
    [70, 60],
    [30, 60],
  ];
  it.each([1.7, 6.2, 14.3])('covers the pixels within its radius of %d', (radius) => {
    const expected = nearWay(WAY, radius);
    const area = strokeArea(ring(...WAY), radius);
    expect(countDifferent(pixels(area), expected)).toBeLessThanOrEqual(0.02 * ones(expected));
    expect(area.every(isValidPolygon)).toBe(true);
    const dab = strokeArea(ring([40, 40]), radius);
    expect(Math.abs(polygonArea(dab[0]!) / (Math.PI * radius ** 2) - 1)).toBeLessThan(0.12);
  });

  it('adds and erases, pixel by pixel, and leaves corners that it does not reach exactly as they were', () => {
    const way = ring([85, 10], [85, 80]);
    const stroke = pixels(strokeArea(way, 8));
    const before = pixels([RINGED]);
    const added = combineParts([RINGED], strokeArea(way, 8), 'add');
    const erased = combineParts([RINGED], strokeArea(way, 8), 'subtract');
    expect([...pixels(added)]).toEqual([...before].map((pixel, place) => pixel | stroke[place]!));
    expect([...pixels(erased)]).toEqual([...before].map((pixel, place) => pixel & ~stroke[place]!));
    for (const result of [added, erased]) {
      expect(result).toHaveLength(1);
      expect(isValidPolygon(result[0]!)).toBe(true);
      expect(result[0]!.outer).toContain(RINGED.outer[0]);
      expect(result[0]!.outer).toContain(RINGED.outer[3]);
      expect(result[0]!.holes[0]).toHaveLength(4);
      for (const corner of RINGED.holes[0]!) expect(result[0]!.holes[0]).toContain(corner);
    }
  });

  it('cuts an object in two, begins a detached part, fills a hole, and erases all', () => {
    const across = strokeArea(ring([50, 10], [50, 80]), 3);
    expect(combineParts([RINGED], across, 'subtract')).toHaveLength(2);
    expect(combineParts([RINGED], strokeArea(ring([105, 45]), 5), 'add')).toHaveLength(2);
    const [filled] = combineParts([RINGED], strokeArea(ring([42, 45], [58, 45]), 12), 'add');
    expect(filled?.holes).toEqual([]);
    expect(combineParts([RINGED], strokeArea(ring([0, 45], [120, 45]), 60), 'subtract')).toEqual([]);
  });

  it('stays on the photo', () => {
    const area = cutToPhoto(strokeArea(ring([0, 0], [60, 0]), 10), SIZE);
    for (const { x, y } of area.flatMap(({ outer }) => outer)) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(y).toBeGreaterThanOrEqual(0);
    }
    expect(cutToPhoto([RINGED], SIZE)[0]).toBe(RINGED);
  });

  it('is fast on an outline of thousands of corners', () => {
    const outer = Array.from({ length: 6000 }, (_, index) => {
      const angle = (index / 6000) * 2 * Math.PI;
      const radius = 3000 + 40 * Math.sin(97 * angle);
      return pixelPoint(4000 + radius * Math.cos(angle), 4000 + radius * Math.sin(angle));
    });
    const start = process.cpuUsage();
    const [result] = combineParts([part(outer)], strokeArea(ring([7000, 3900], [7020, 4100]), 60), 'add');
    const { user, system } = process.cpuUsage(start);
    expect(result!.outer.length).toBeGreaterThan(5000);
    expect(outer.filter((corner) => result!.outer.includes(corner)).length).toBeGreaterThan(5000);
    expect((user + system) / 1000).toBeLessThan(1000);
  });
});

describe('lines that cross', () => {
  it('come apart into valid parts with the same pixels', () => {
    const bow = part(ring([10, 10], [60, 60], [60, 10], [10, 60]));
    const apart = untangle([bow]);
    expect(apart).toHaveLength(2);
    expect(apart.every(isValidPolygon)).toBe(true);
    expect(countDifferent(pixels(apart), pixels([bow]))).toBeLessThanOrEqual(2);
    expect(untangle([RINGED])[0]).toBe(RINGED);
  });

  it('come apart where two parts overlap, and where rings touch', () => {
    const overlapping = untangle([part(box(10, 10, 50, 50)), part(box(50, 20, 80, 40))]);
    expect(overlapping).toHaveLength(1);
    const touching = combineParts([part(box(10, 10, 50, 50))], [part(ring([10, 30], [30, 20], [30, 40]))], 'subtract');
    expect(touching.every(isValidPolygon)).toBe(true);
  });
});

describe('shapes', () => {
  const corners = ring([30, 20], [50, 40], [30, 60], [10, 40]);
  it('are the smallest around the outline', () => {
    expect(fitShape([part(corners)], 'rectangle')?.outer).toEqual(box(10, 20, 50, 60));
    expect(signedArea(fitShape([part(corners)], 'turnedRectangle')!.outer)).toBeCloseTo(800, 6);
    const circle = fitShape([part(corners)], 'circle')!;
    expect(signedArea(circle.outer) / (Math.PI * 400)).toBeGreaterThan(0.98);
    expect(signedArea(circle.outer) / (Math.PI * 400)).toBeLessThanOrEqual(1);
    expect(fitShape([], 'circle')).toBeUndefined();
  });
});

describe('vertices', () => {
  const outline = fromParts([RINGED], SIZE, 0.9);
  const place = { viewport: { scale: 2, left: 5, top: 7 }, photo: SIZE };
  const on = (x: number, y: number) => ({ left: 5 + 2 * x, top: 7 + 2 * y });
  it('are hit before lines, both within reach', () => {
    expect(hitOutline(outline.parts, on(21, 21), place)).toEqual({
      kind: 'vertex',
      place: { part: 0, ring: 0, index: 0 },
    });
    expect(hitOutline(outline.parts, on(50, 21), place)).toEqual({
      kind: 'line',
      place: { part: 0, ring: 0, index: 0 },
    });
    expect(hitOutline(outline.parts, on(50, 56), place)?.place.ring).toBe(1);
    expect(hitOutline(outline.parts, on(5, 5), place)).toBeUndefined();
    expect(hitOutline(outline.parts, on(50, 12), { ...place, finger: true })?.kind).toBe('line');
  });

  it('are moved, added and deleted; a ring of three goes as a whole', () => {
    const at = { part: 0, ring: 1, index: 2 };
    const moved = moveVertex(outline.parts, at, { x: 0.4, y: 0.5 });
    expect(vertexAt(moved, at)).toEqual({ x: 0.4, y: 0.5 });
    expect(moved[0]![0]).toBe(outline.parts[0]![0]);
    expect(insertVertex(outline.parts, at, { x: 0.1, y: 0.1 })[0]![1]).toHaveLength(5);
    const three = deleteVertex(outline.parts, at);
    expect(three[0]![1]).toHaveLength(3);
    const none = deleteVertex(three, { part: 0, ring: 1, index: 0 });
    expect(none[0]).toHaveLength(1);
    expect(deleteVertex(deleteVertex(none, { ...at, ring: 0 }), { part: 0, ring: 0, index: 0 })).toEqual([]);
  });

  it('are gone through by steps, over all rings and around', () => {
    expect(stepVertex(outline.parts, undefined, 1)).toEqual({ part: 0, ring: 0, index: 0 });
    expect(stepVertex(outline.parts, { part: 0, ring: 0, index: 3 }, 1)).toEqual({ part: 0, ring: 1, index: 0 });
    expect(stepVertex(outline.parts, { part: 0, ring: 0, index: 0 }, -1)).toEqual({ part: 0, ring: 1, index: 3 });
    expect(stepVertex([], undefined, 1)).toBeUndefined();
  });

  it('come back from pixels as they were', () => {
    expect(fromParts(toParts(outline, SIZE), SIZE, 0.9)).toEqual(outline);
    expect(outline.polygons).toHaveLength(1);
  });
});
