import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logitsToPolygons } from '#geometry/logits-to-polygons';
import { maskIou } from '#geometry/mask-iou';
import { type MaskPolygon, polygonArea, type Ring, signedArea } from '#geometry/mask-polygon';
import { rasterise } from '#geometry/rasterise';
import { ringsIntersect } from '#geometry/rings-intersect';
import { SEAM_VERTICES, seamParts } from '#geometry/seam-parts';
import { fitToModel, pixelPoint } from '#geometry/spaces';
import { splitSeams } from '#geometry/split-seams';
import { rectangle, ringOf, ringsOf } from './rings.ts';
import { logitsOf, randomNumbers, smoothField, union, without } from './synthetic-logits.ts';

const size = 200;

/** The rings, each from its leftmost vertex on and in one direction, in one order: for comparison. */
const asSet = (rings: readonly Ring[]): string[] =>
  rings
    .map((ring) => {
      const plain = (signedArea(ring) < 0 ? ring.toReversed() : ring).map(({ x, y }) => `${x},${y}`);
      const first = plain.indexOf([...plain].sort()[0]!);
      return [...plain.slice(first), ...plain.slice(0, first)].join(' ');
    })
    .sort();

/** The seamed ring fills the same pixels by either rule, crosses nothing, and gives the rings back. */
function expectSameShape(parts: MaskPolygon[], { isTouching = false } = {}): void {
  const seamed = seamParts(parts);
  const rings = ringsOf(parts);
  const vertices = rings.reduce((count, { length }) => count + length, 0);
  if (!isTouching) expect(seamed).toHaveLength(vertices + SEAM_VERTICES * (rings.length - 1));
  const split = splitSeams(seamed);
  expect(asSet(ringsOf(split))).toEqual(asSet(rings));
  expect(split.map(({ outer, holes }) => asSet([outer, ...holes])).sort()).toEqual(
    parts.map(({ outer, holes }) => asSet([outer, ...holes])).sort(),
  );
  const expected = rasterise(parts, size, size);
  for (const rule of ['even-odd', 'non-zero'] as const) {
    expect(maskIou(rasterise([{ outer: seamed, holes: [] }], size, size, rule), expected)).toBe(1);
  }
}

/** Seams as lines, in the order in which they are first passed. */
function seamsOf(seamed: Ring): [from: string, to: string][] {
  const steps = seamed.map((to, index) => {
    const from = seamed.at(index - 1)!;
    return [`${from.x},${from.y}`, `${to.x},${to.y}`] as [string, string];
  });
  const all = new Set(steps.map((step) => step.join(' ')));
  return steps.filter(([from, to]) => from < to && all.has(`${to} ${from}`));
}

/** No seam crosses a ring or another seam, or passes over a vertex. */
function expectFreeSeams(parts: MaskPolygon[]): void {
  const toPoint = (text: string) => {
    const [x, y] = text.split(',').map(Number);
    return pixelPoint(x!, y!);
  };
  const seams = seamsOf(seamParts(parts)).map(([from, to]) => [toPoint(from), toPoint(to)] as const);
  // A little shorter than they are, so that their ends touch nothing.
  const shortened = seams.map(([a, b]): Ring => {
    const at = (share: number) => pixelPoint(a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share);
    const [from, to] = [at(1e-4), at(1 - 1e-4)];
    const [dx, dy] = [(to.x - from.x) * 1e-7, (to.y - from.y) * 1e-7];
    return [from, to, pixelPoint((from.x + to.x) / 2 - dy, (from.y + to.y) / 2 + dx)];
  });
  for (const seam of shortened) expect(ringsIntersect([seam, ...ringsOf(parts)])).toBe(false);
  expect(ringsIntersect(shortened)).toBe(false);
}

/** A closed line around a centre with random radii, which lies within `radius`. */
function star(random: () => number, x: number, y: number, radius: number): Ring {
  const count = 3 + Math.floor(random() * 9);
  return Array.from({ length: count }, (_, index) => {
    const angle = (2 * Math.PI * (index + 0.8 * random())) / count;
    const distance = radius * (0.75 + 0.25 * random());
    return pixelPoint(x + distance * Math.cos(angle), y + distance * Math.sin(angle));
  });
}

/** Parts in cells of a grid, each with holes in turn with parts in them, three deep at most. */
function randomParts(seed: number): MaskPolygon[] {
  const random = randomNumbers(seed);
  const parts: MaskPolygon[] = [];
  const add = (x: number, y: number, radius: number, depth: number): void => {
    // A circle around four smaller ones that do not touch; a star of few corners cuts none of them.
    const outer = Array.from({ length: 12 }, (_, index) => {
      const angle = (2 * Math.PI * index) / 12 + random() / 3;
      return pixelPoint(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
    });
    const part: MaskPolygon = { outer: depth < 2 ? outer : star(random, x, y, radius), holes: [] };
    parts.push(part);
    if (depth === 2) return;
    for (const [dx, dy] of [
      [-1, -1],
      [1, -1],
      [-1, 1],
      [1, 1],
    ] as const) {
      if (random() < 0.5) continue;
      const [holeX, holeY] = [x + dx * radius * 0.36, y + dy * radius * 0.36];
      part.holes.push(
        Array.from({ length: 12 }, (_, index) => {
          const angle = (-2 * Math.PI * index) / 12 + random() / 3;
          return pixelPoint(holeX + 0.32 * radius * Math.cos(angle), holeY + 0.32 * radius * Math.sin(angle));
        }),
      );
      if (random() < 0.5) add(holeX, holeY, 0.24 * radius, depth + 1);
    }
  };
  for (let cell = 0; cell < 9; cell++) {
    if (random() < 0.4) continue;
    add(33.17 + 66 * (cell % 3), 33.31 + 66 * Math.floor(cell / 3), 20 + 11 * random(), 0);
  }
  return parts.length > 0 ? parts : [{ outer: rectangle(1, 1, 9, 9), holes: [] }];
}

describe('seamParts and splitSeams', () => {
  it('leave a part without holes its outline', () => {
    const outer = rectangle(0, 0, 10, 10);
    expect(seamParts([{ outer, holes: [] }])).toEqual(outer);
    expect(splitSeams(outer)).toEqual([{ outer, holes: [] }]);
    expect(seamParts([])).toEqual([]);
    expect(splitSeams([])).toEqual([]);
  });

  it('run from the leftmost vertex of a ring to one that can be seen from there', () => {
    const hole = ringOf([20, 50], [40, 70], [40, 30]);
    const island = ringOf([130, 10], [150, 10], [150, 40]);
    const ring = seamParts([
      { outer: rectangle(0, 0, 100, 100), holes: [hole] },
      { outer: island, holes: [] },
    ]);
    expect(ring.map(({ x, y }) => [x, y])).toEqual(
      [
        [0, 0],
        [20, 50],
        [40, 70],
        [40, 30],
        [20, 50],
        [0, 0],
        [100, 0],
        [130, 10],
        [150, 10],
        [150, 40],
        [130, 10],
      ].concat([
        [100, 0],
        [100, 100],
        [0, 100],
      ]),
    );
  });

  it('turn rings the right way round first', () => {
    const polygon = { outer: rectangle(0, 0, 100, 100).toReversed(), holes: [rectangle(20, 20, 40, 40)] };
    expectSameShape([polygon]);
    expect(signedArea(seamParts([polygon]))).toBe(100 ** 2 - 20 ** 2);
  });

  it('hold for rings in rows and columns, whose seams lie on one line, as holes and as parts', () => {
    const cells = Array.from({ length: 81 }, (_, index) => ({
      x: 10 + 20 * (index % 9),
      y: 10 + 20 * Math.floor(index / 9),
    }));
    const squares = cells.map(({ x, y }) => rectangle(x, y, x + 11, y + 11));
    const diamonds = cells.map(({ x, y }) => ringOf([x, y + 6], [x + 6, y], [x + 12, y + 6], [x + 6, y + 12]));
    const triangles = cells.map(({ x, y }) => ringOf([x, y], [x + 12, y], [x + 12, y + 12]));
    for (const rings of [squares, diamonds, triangles]) {
      const frame = { outer: rectangle(1, 1, 199, 199), holes: rings.map((ring) => ring.toReversed()) };
      const islands = rings.map((outer) => ({ outer, holes: [] }));
      for (const parts of [[frame], islands]) {
        expectSameShape(parts);
        expectFreeSeams(parts);
      }
    }
  });

  it('hold for any parts with holes, and parts in those', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const parts = randomParts(seed);
        expectSameShape(parts);
        expectFreeSeams(parts);
      }),
      { numRuns: 150 },
    );
  });

  it('hold for masks as the engine gives them', () => {
    const frame = fitToModel(size, size);
    for (let seed = 0; seed < 60; seed++) {
      const field = without(smoothField(seed, 400, 0.6), smoothField(seed + 1000, 150, 0.35));
      const parts = logitsToPolygons(logitsOf(union(field), frame), frame, { minPartFraction: 0, minHoleFraction: 0 });
      expectFreeSeams(parts);
      const split = splitSeams(seamParts(parts));
      expect(asSet(ringsOf(split))).toEqual(asSet(ringsOf(parts)));
      const area = (all: MaskPolygon[]) => all.reduce((sum, part) => sum + polygonArea(part), 0);
      expect(area(split)).toBeCloseTo(area(parts), 6);
    }
  });

  it('take rings apart that touch at a vertex', () => {
    const parts = [
      { outer: rectangle(10, 10, 50, 50), holes: [ringOf([10, 10], [20, 30], [30, 20])] },
      { outer: rectangle(50, 50, 90, 90), holes: [] },
    ];
    expectSameShape(parts, { isTouching: true });
  });

  it('take apart what others have joined, whichever way it runs and wherever it begins', () => {
    const seamed = ringOf(
      [0, 0],
      [100, 0],
      [100, 100],
      [0, 100],
      [0, 50],
      [20, 50],
      [40, 70],
      [40, 30],
      [20, 50],
      [0, 50],
    );
    for (let start = 0; start < seamed.length; start++) {
      const turnedRound = [...seamed.slice(start), ...seamed.slice(0, start)];
      for (const line of [turnedRound, turnedRound.toReversed(), [...turnedRound, turnedRound[0]!]]) {
        const [part, ...others] = splitSeams(line);
        expect(others).toEqual([]);
        expect(polygonArea(part!)).toBe(100 ** 2 - 400);
        expect(signedArea(part!.outer)).toBe(100 ** 2);
        expect(part!.holes.map(signedArea)).toEqual([-400]);
      }
    }
  });

  it('leave nothing of a line that encloses nothing', () => {
    expect(splitSeams(ringOf([0, 0], [5, 5], [9, 9], [5, 5]))).toEqual([]);
    expect(splitSeams(ringOf([0, 0], [5, 5], [9, 9]))).toEqual([]);
  });
});
