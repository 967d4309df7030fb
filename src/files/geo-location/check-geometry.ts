import { KonturError } from '#contract/errors';
import { type GeoLocation, type Geometry, type GeometryType, MAX_FILE_POSITIONS } from '#contract/files/geo-location';
import { MAX_GEO_LOCATION_BYTES } from '#contract/limits';

/** A position on the map: longitude and latitude in degrees. */
export type Position = readonly [longitude: number, latitude: number];

/** The name of a level of nested arrays, and its least number of items. */
interface Level {
  name: string;
  least: number;
}
const POINTS: Level = { name: 'positions', least: 1 };
const LINE: Level = { name: 'positions of a line', least: 2 };
const RING: Level = { name: 'positions of a ring, the last equal to the first', least: 4 };
const RINGS: Level = { name: 'rings', least: 1 };
const LINES: Level = { name: 'lines', least: 1 };
const POLYGONS: Level = { name: 'polygons', least: 1 };

/** Levels of arrays around the positions of each type of geometry, from the outermost (RFC 7946, 3.1). */
const LEVELS: Record<GeometryType, readonly Level[]> = {
  Point: [],
  MultiPoint: [POINTS],
  LineString: [LINE],
  MultiLineString: [LINES, LINE],
  Polygon: [RINGS, RING],
  MultiPolygon: [POLYGONS, RINGS, RING],
};
const MAX_LONGITUDE = 180;
const MAX_LATITUDE = 90;

/**
 * Checks the geoLocation of a file: its geometry, and the size of everything else, which must fit in a list of files.
 *
 * @throws KonturError `invalid-request`
 */
export function checkGeoLocation({ geometry, ...members }: GeoLocation, place: string): void {
  checkGeometry(geometry, `${place}.geometry`, MAX_FILE_POSITIONS);
  const others = JSON.stringify({ ...members, geometry: { ...geometry, coordinates: [] } });
  const bytes = Buffer.byteLength(others);
  if (bytes <= MAX_GEO_LOCATION_BYTES) return;
  throw invalid(
    `${place} has ${bytes} bytes of JSON beside its coordinates, at most ${MAX_GEO_LOCATION_BYTES} are allowed`,
  );
}

/**
 * Checks that coordinates match the GeoJSON type of the geometry. Costs at most a walk through the allowed number of
 * positions; excess positions cost nothing.
 *
 * @param place path of the geometry in the request, for messages
 * @param mostPositions limit of positions
 * @throws KonturError `invalid-request`
 */
export function checkGeometry({ type, coordinates }: Geometry, place: string, mostPositions: number): void {
  const levels = LEVELS[type];
  const count = countPositions(coordinates, levels.length);
  if (count > mostPositions) {
    throw invalid(`${place} has ${count} positions, at most ${mostPositions} are allowed`);
  }
  checkLevel(coordinates, levels, `${place}.coordinates`, [], 0);
}

/** Counts positions, valid or not, by the lengths of the arrays around them. */
function countPositions(value: unknown, depth: number): number {
  if (depth === 0) return 1;
  if (!Array.isArray(value)) return 0;
  if (depth === 1) return value.length;
  let count = 0;
  for (const item of value) count += countPositions(item, depth - 1);
  return count;
}

/** @param path indices of the value and of the arrays around it; overwritten from `depth` on */
function checkLevel(value: unknown, levels: readonly Level[], place: string, path: number[], depth: number): void {
  const level = levels[depth];
  const name = () =>
    place +
    path
      .slice(0, depth)
      .map((index) => `[${index}]`)
      .join('');
  if (level === undefined) {
    if (!isPosition(value)) {
      throw invalid(
        `${name()} must be a position [longitude, latitude] in degrees, the first from -${MAX_LONGITUDE} to ${MAX_LONGITUDE}, the second from -${MAX_LATITUDE} to ${MAX_LATITUDE}`,
      );
    }
    return;
  }
  if (!Array.isArray(value) || value.length < level.least) {
    throw invalid(`${name()} must be an array of ${level.least} or more ${level.name}`);
  }
  for (let index = 0; index < value.length; index++) {
    path[depth] = index;
    checkLevel(value[index], levels, place, path, depth + 1);
  }
  if (level === RING && !isClosed(value)) {
    throw invalid(`${name()} must end with its first position, as every ring of a polygon does`);
  }
}

const isPosition = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && isWithin(value[0], MAX_LONGITUDE) && isWithin(value[1], MAX_LATITUDE);

const isWithin = (value: unknown, most: number) => typeof value === 'number' && Math.abs(value) <= most;

function isClosed(ring: Position[]): boolean {
  const [first, last] = [ring[0], ring.at(-1)];
  return first?.[0] === last?.[0] && first?.[1] === last?.[1];
}

const invalid = (reason: string) => new KonturError('invalid-request', `${reason}.`);
