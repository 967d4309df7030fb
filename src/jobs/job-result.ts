import type { Selectable } from 'kysely';
import { defined } from '#contract/defined';
import { MAX_VERTICES } from '#contract/limits';
import { limitVertices } from '#geometry/limit-vertices';
import type { MaskPolygon, Ring } from '#geometry/mask-polygon';
import type { SegmentedImage } from '#geometry/segmented-image';
import { pixelPoint } from '#geometry/spaces';
import type { JobsTable, StoredEngine, StoredResult } from '../database/schema.ts';
import type { OldResult } from './old-results.ts';

/** What a job found, as rings with real holes in pixels of the upright photo, and the engine that found it. */
export interface JobResult extends SegmentedImage {
  engine: StoredEngine;
}

/**
 * Converts a result to its columns. Coordinates keep every digit, so that each answer is the same. Parts have no more
 * vertices than an answer may have: that bounds a row, and simplifying is too slow for each request.
 */
export function toResultColumns({ imageWidth, imageHeight, segments, engine }: JobResult): {
  result: string;
  engine: string;
} {
  const stored: StoredResult = {
    imageWidth,
    imageHeight,
    segments: segments.map(({ score, parts }) => ({
      score,
      parts: parts.map((part) => toStoredPart(limitVertices(part, MAX_VERTICES))),
    })),
  };
  return { result: JSON.stringify(stored), engine: JSON.stringify(engine) };
}

/** The columns of a job's result. */
export const RESULT_COLUMNS = ['result', 'engine', 'segments'] as const;
/** Columns of a row that hold the result of its job. */
export type ResultColumns = Pick<Selectable<JobsTable>, (typeof RESULT_COLUMNS)[number]>;

/** Converts the result columns of a Completed job to its result. */
export function toJobResult({ result, engine, segments }: ResultColumns): JobResult | OldResult {
  if (result === null || engine === null) return { polygons: segments };
  return {
    imageWidth: result.imageWidth,
    imageHeight: result.imageHeight,
    segments: result.segments.map(({ score, parts }) => ({ score, parts: parts.map(toPart) })),
    engine,
  };
}

const toStoredPart = ({ outer, holes }: MaskPolygon) => ({ outer: toNumbers(outer), holes: holes.map(toNumbers) });

const toNumbers = (ring: Ring): number[] => ring.flatMap(({ x, y }) => [x, y]);

const toPart = ({ outer, holes }: { outer: number[]; holes: number[][] }): MaskPolygon => ({
  outer: toRing(outer),
  holes: holes.map(toRing),
});

const toRing = (numbers: number[]): Ring =>
  Array.from({ length: numbers.length / 2 }, (_, index) =>
    pixelPoint(defined(numbers[2 * index], 'x'), defined(numbers[2 * index + 1], 'y')),
  );
