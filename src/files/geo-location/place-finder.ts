import { type SelectQueryBuilder, sql } from 'kysely';
import { defined } from '#contract/defined';
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

/** Finds files by their place on the map. */
export interface PlaceFinder {
  /**
   * Finds files whose geoLocation has this relation to a shape, until there are `most` of them or the request has used
   * up its work.
   *
   * @throws KonturError as `findAll` does, except for the work
   */
  findSome(
    candidates: Candidates,
    filter: GeoLocationFilter,
    options: PlaceReader & { most: number },
  ): Promise<PlacePage>;
  /**
   * Finds all files whose geoLocation has this relation to a shape, by ascending id.
   *
   * @throws KonturError `invalid-request` for a shape that is not GeoJSON, and if it needs more work than one request
   *   may use; `busy` if too many filters of the client wait; the signal's reason
   */
  findAll(candidates: Candidates, filter: GeoLocationFilter, options: PlaceReader): Promise<number[]>;
}

/** The client of a search. */
export interface PlaceReader {
  /** Searches of one client run one at a time, concurrently with those of others. */
  client: string;
  /** Cancels the search. */
  signal?: AbortSignal;
}

/** Query for the files to search, without order and selection. */
export type Candidates = SelectQueryBuilder<Schema, 'files', object>;

/** Ids of found files, and where the search ended. */
export interface PlacePage {
  /** By ascending id. */
  ids: number[];
  /** Id of the last compared file, if the search ended because of its work: there may be more after it. */
  endedAfter?: number;
}

/**
 * Work that one request may use. A step is the comparison of two edges; other work counts as many steps as it takes
 * time.
 */
const MOST_STEPS = 50_000_000;
const STEPS_A_FILE = 100;
const STEPS_A_BYTE = 0.5;
/** Ids per read, and coordinates per read in bytes of UTF-8: a single place may be larger. */
const PAGE = 5000;
const GROUP_BYTES = 250_000;
const GROUP_FILES = 200;

const createScheduler = () =>
  createSliceScheduler({ sliceMs: 5, running: 16, waiting: 100, what: 'filters by place are being worked on' });

/**
 * Creates a finder.
 *
 * @param mostSteps after which a search ends
 */
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

/** Narrows the candidates by bounding boxes. */
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

/** Reads places by ascending id, few at a time if they are large, as text that is parsed one by one. */
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
    after = defined(files.at(-1), 'last file of the page').id;
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

/** @returns undefined for an invalid place that an earlier version stored unchecked */
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
