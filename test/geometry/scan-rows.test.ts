import { describe, expect, it } from 'vitest';
import { rasterise } from '#geometry/rasterise';
import { scanRows } from '#geometry/scan-rows';
import { SHAPES } from '../outputs/output-shapes.ts';
import { rectangle } from './rings.ts';

const fill = (rows: Iterable<number[]>, width: number): number[] =>
  [...rows].flatMap((spans) => {
    const row = new Array<number>(width).fill(0);
    for (let i = 0; i < spans.length; i += 2) row.fill(1, spans[i], spans[i + 1]);
    return row;
  });

describe('scanRows', () => {
  it('gives a row of spans for each row of the mask that rasterise makes', () => {
    const rows = [...scanRows(SHAPES, 120, 90)];
    expect(rows).toHaveLength(90);
    expect(fill(rows, 120)).toEqual([...rasterise(SHAPES, 120, 90)]);
    expect(rows[40]!.length).toBeGreaterThan(2);
  });

  it('keeps to the image', () => {
    const parts = [{ outer: rectangle(-5, -5, 200, 4), holes: [rectangle(2, 1, 4, 3).toReversed()] }];
    expect([...scanRows(parts, 6, 5)]).toEqual([[0, 6], [0, 2, 4, 6], [0, 2, 4, 6], [0, 6], []]);
  });

  it('joins parts that touch or overlap', () => {
    const parts = [
      { outer: rectangle(3, 0, 6, 1), holes: [] },
      { outer: rectangle(0, 0, 3, 1), holes: [] },
      { outer: rectangle(5, 0, 8, 1), holes: [] },
      { outer: rectangle(9, 0, 10, 1), holes: [] },
    ];
    expect([...scanRows(parts, 12, 1)]).toEqual([[0, 8, 9, 10]]);
  });
});
