import { setImmediate } from 'node:timers/promises';
import { type SelectQueryBuilder, sql } from 'kysely';
import { type GeoLocation, type GeoLocationFilter, MAX_FILTER_POSITIONS } from '#contract/files/geo-location';
import type { Schema } from '../../database/schema.ts';
import { checkGeometry } from './check-geometry.ts';
import { type Box, type PlaneShape, toPlaneShape } from './plane-shape.ts';
import { isWithin, shapesIntersect } from './relate-shapes.ts';

/** Rows that are read at once; large geometries make them large. */
const BATCH = 200;

interface Place {
  id: number;
  geo_location: GeoLocation | null;
}

/**
 * Those of the candidates whose geoLocation relates to a shape as asked, by ascending id. The database picks by the boxes
 * around shapes, what is left is checked here, a batch at a time, so that a reader may stop early.
 *
 * @param candidates selects at least `id` and `geo_location`, in no order
 * @throws KonturError `invalid-request` for a shape that is no GeoJSON
 */
export async function* filesAtPlace<Row extends Place>(
  candidates: SelectQueryBuilder<Schema, 'files', Row>,
  { relation, shape }: GeoLocationFilter,
): AsyncGenerator<Row> {
  checkGeometry(shape, 'filter.geoLocation.shape', MAX_FILTER_POSITIONS);
  const area = toPlaneShape(shape);
  const near = candidates
    .where(sql<boolean>`geo_location_box(geo_location) is not null`)
    .$if(relation !== 'disjoint', (files) =>
      files.where(sql<boolean>`geo_location_box(geo_location) && ${toBox(area.box)}`),
    );
  let after = 0;
  for (;;) {
    const rows = await near.where('id', '>', after).orderBy('id').limit(BATCH).execute();
    for (const row of rows) {
      if (relates(toPlaneShape(row.geo_location!.geometry), area, relation)) yield row;
      await setImmediate();
    }
    if (rows.length < BATCH) return;
    after = rows.at(-1)!.id;
  }
}

function relates(place: PlaneShape, area: PlaneShape, relation: GeoLocationFilter['relation']): boolean {
  switch (relation) {
    case 'intersects':
      return shapesIntersect(place, area);
    case 'disjoint':
      return !shapesIntersect(place, area);
    case 'within':
      return isWithin(place, area);
  }
}

const toBox = ({ xMin, yMin, xMax, yMax }: Box) =>
  sql`box(point(${xMin}::float8, ${yMin}::float8), point(${xMax}::float8, ${yMax}::float8))`;
