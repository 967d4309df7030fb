import { type SelectQueryBuilder, sql } from 'kysely';
import { KonturError } from '#contract/errors';
import {
  type GeoLocationFilter,
  type Geometry,
  MAX_FILE_POSITIONS,
  MAX_FILTER_POSITIONS,
} from '#contract/files/geo-location';
import type { Database } from '../../database/open-database.ts';
import type { Schema } from '../../database/schema.ts';
import { createSliceScheduler, type SliceScheduler, type Slices } from '../../runtime/slice-scheduler.ts';
import { checkGeometry } from './check-geometry.ts';
import { type PlaneShape, toPlaneShape } from './plane-shape.ts';
import { isWithin, type Relating, shapesIntersect } from './relate-shapes.ts';
import type { Work } from './walk-edge.ts';

/** Finds files by where they are on the map. */
export interface PlaceFinder {
  /**
   * Files whose geoLocation relates to a shape as asked, until there are `most` of them or as much work is done as one request
   * may ask for.
   * @throws as `findAll`, but for the work
   */
  findSome(
    candidates: Candidates,
    filter: GeoLocationFilter,
    options: PlaceReader & { most: number },
  ): Promise<PlacePage>;
  /**
   * All files whose geoLocation relates to a shape as asked, by ascending id.
   * @throws KonturError `invalid-request` for a shape that is no GeoJSON, and where it takes more work than one request may ask for;
   *   `busy` where too many filters of the client wait; the signal's reason
   */
  findAll(candidates: Candidates, filter: GeoLocationFilter, options: PlaceReader): Promise<number[]>;
}

/** For whom files are looked for. */
export interface PlaceReader {
  /** Those of one client are worked on one at a time, beside those of others. */
  client: string;
  /** Ends the search. */
  signal?: AbortSignal;
}

/** Files among which to look, in no order and with nothing selected. */
export type Candidates = SelectQueryBuilder<Schema, 'files', object>;

export interface PlacePage {
  /** By ascending id. */
  ids: number[];
  /** The last file that was compared, where the search ended for the work it took: there may be more beyond. */
  endedAfter?: number;
}

/** What one request may cost. A step is the comparison of two edges; all else is counted in as many steps as take its time. */
const MOST_STEPS = 50_000_000;
const STEPS_A_FILE = 100;
const STEPS_A_BYTE = 0.5;
/** Ids that are read at once, and text of coordinates, in bytes of UTF-8: one place may be larger. */
const PAGE = 5000;
const GROUP_BYTES = 250_000;
const GROUP_FILES = 200;

const createScheduler = () =>
  createSliceScheduler({ sliceMs: 5, running: 16, waiting: 100, what: 'filters by place are being worked on' });

/** @param mostSteps after which a search ends */
export function createPlaceFinder({
  database,
  scheduler = createScheduler(),
  mostSteps = MOST_STEPS,
}: {
  database: Database;
  scheduler?: SliceScheduler;
  mostSteps?: number;
}): PlaceFinder {
  const findSome: PlaceFinder['findSome'] = async (candidates, { relation, shape }, { most, client, signal }) => {
    checkGeometry(shape, 'filter.geoLocation.shape', MAX_FILTER_POSITIONS);
    return scheduler.run(
      client,
      async (slices) => {
        const area = toPlaneShape(shape);
        const work: Work = { steps: 0 };
        const ids: number[] = [];
        for await (const place of readPlaces(database, near(candidates, area, relation))) {
          if (slices.isOver()) await slices.next();
          work.steps += STEPS_A_FILE + STEPS_A_BYTE * place.coordinates.length;
          const found = toShape(place);
          if (found && (await decide(relate(found, area, relation, work), slices)) === (relation !== 'disjoint')) {
            ids.push(place.id);
          }
          if (ids.length === most) return { ids };
          if (work.steps > mostSteps) return { ids, endedAfter: place.id };
        }
        return { ids };
      },
      signal,
    );
  };
  return {
    findSome,
    async findAll(candidates, filter, reader) {
      const { ids, endedAfter } = await findSome(candidates, filter, { ...reader, most: Number.POSITIVE_INFINITY });
      if (endedAfter === undefined) return ids;
      throw new KonturError(
        'invalid-request',
        'filter.geoLocation: to hold the shape against all files takes more work than one request may ask for. Give a shape of fewer positions, narrow the filter by other conditions, or list the files page by page.',
      );
    },
  };
}

/** Candidates that may relate as asked, as far as boxes tell. */
function near(candidates: Candidates, { index }: PlaneShape, relation: GeoLocationFilter['relation']): Candidates {
  const { minX, minY, maxX, maxY } = index;
  const box = sql`box(point(${minX}::float8, ${minY}::float8), point(${maxX}::float8, ${maxY}::float8))`;
  return candidates
    .where('place_box', 'is not', null)
    .$if(relation !== 'disjoint', (files) => files.where(sql<boolean>`place_box && ${box}`));
}

interface Place {
  id: number;
  type: Geometry['type'];
  /** JSON. */
  coordinates: string;
}

/** Reads places by ascending id, few at a time if they are large, as text: each is parsed when its turn comes. */
async function* readPlaces({ kysely }: Database, candidates: Candidates): AsyncGenerator<Place> {
  const page = candidates.select(['id', 'place_bytes']).orderBy('id').limit(PAGE);
  let after = 0;
  for (;;) {
    const files = await page.where('id', '>', after).execute();
    for (const group of groupsOf(files)) {
      yield* await kysely
        .selectFrom('files')
        .select([
          'id',
          sql<Geometry['type']>`geo_location #>> '{geometry,type}'`.as('type'),
          sql<string>`geo_location #>> '{geometry,coordinates}'`.as('coordinates'),
        ])
        .where(sql<boolean>`id = any(${group}::bigint[])`)
        .where('geo_location', 'is not', null)
        .orderBy('id')
        .execute();
    }
    if (files.length < PAGE) return;
    after = files.at(-1)!.id;
  }
}

function* groupsOf(files: readonly { id: number; place_bytes: number | null }[]): Generator<number[]> {
  let group: number[] = [];
  let bytes = 0;
  for (const { id, place_bytes } of files) {
    if (group.length === GROUP_FILES || (group.length > 0 && bytes + (place_bytes ?? 0) > GROUP_BYTES)) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(id);
    bytes += place_bytes ?? 0;
  }
  if (group.length > 0) yield group;
}

/** @returns nothing for what an earlier version stored without a check, and is no place */
function toShape({ type, coordinates }: Place): PlaneShape | undefined {
  const geometry: Geometry = { type, coordinates: JSON.parse(coordinates) };
  try {
    checkGeometry(geometry, 'geometry', MAX_FILE_POSITIONS);
  } catch {
    return undefined;
  }
  return toPlaneShape(geometry);
}

const relate = (place: PlaneShape, area: PlaneShape, relation: GeoLocationFilter['relation'], work: Work): Relating =>
  relation === 'within' ? isWithin(place, area, work) : shapesIntersect(place, area, work);

async function decide(relating: Relating, slices: Slices): Promise<boolean> {
  for (;;) {
    const { done, value } = relating.next();
    if (done) return value;
    if (slices.isOver()) await slices.next();
  }
}
