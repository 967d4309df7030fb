import { describe, expect, it } from 'vitest';
import type { Polygon } from '#contract/vision/segment-job';
import { pixelPoint } from '#geometry/spaces';
import { toWireSegments } from '#outputs/to-wire-segments';
import { type JobResult, toJobResult, toResultColumns } from '../../src/jobs/job-result.ts';
import { FOUND, NOTHING } from '../../testing/test-jobs.ts';

/** As the columns of a row give it back. */
function thereAndBack(result: JobResult) {
  const columns = toResultColumns(result);
  return toJobResult({ result: JSON.parse(columns.result), engine: JSON.parse(columns.engine), segments: [] });
}

describe('the result of a job', () => {
  it.each([FOUND, NOTHING])('comes back from its row as it was, to the last digit', (result) => {
    expect(thereAndBack(result)).toEqual(result);
  });

  it('is answered as if it had never been stored, and is bounded, however many vertices it had', () => {
    const jagged = Array.from({ length: 4000 }, (_, index) => {
      const angle = (2 * Math.PI * index) / 4000;
      const radius = 70 + (index % 3);
      return pixelPoint(150 + radius * Math.cos(angle), 100 + radius * Math.sin(angle));
    });
    const hole = [pixelPoint(140, 90), pixelPoint(140, 110.123), pixelPoint(163.7, 100)];
    const found = { ...FOUND, segments: [{ score: 0.5, parts: [{ outer: jagged, holes: [hole] }] }] };
    const kept = thereAndBack(found);
    if ('polygons' in kept) throw new Error('It is read as one of those before rings.');
    expect(toWireSegments(kept)).toEqual(toWireSegments(found));
    expect(kept.segments[0]!.parts[0]!.outer.length).toBeLessThanOrEqual(1000);
  });

  it('of a row from before rings has the polygons as they were kept', () => {
    const polygons: Polygon[] = [{ vertices: [0, 0.5, 1].map((x) => ({ x, y: x * x })) }];
    const segments = [{ score: 0.5, polygons }];
    expect(toJobResult({ result: null, engine: null, segments })).toEqual({ polygons: segments });
  });
});
