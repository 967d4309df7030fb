import { KonturError } from '#contract/errors';
import { type GeoLocation, type Geometry, type GeometryType, MAX_FILE_POSITIONS } from '#contract/files/geo-location';
import { MAX_GEO_LOCATION_BYTES } from '#contract/limits';

/** A place on the map: longitude and latitude in degrees. */
export type Position = readonly [longitude: number, latitude: number];

/** How a level of nested arrays is called, and how many items it has at least. */
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

/** The arrays around the positions of a geometry, from the outermost (RFC 7946, 3.1). */
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
 * `checkGeometry` for where a file is; and what stands beside the coordinates has to be of a size that a list of files can have.
 * @throws KonturError `invalid-request`
 */
export function checkGeoLocation({ geometry, ...members }: GeoLocation, place: string): void {
  checkGeometry(geometry, `${place}.geometry`, MAX_FILE_POSITIONS);
  const beside = JSON.stringify({ ...members, geometry: { ...geometry, coordinates: [] } });
  const bytes = Buffer.byteLength(beside);
  if (bytes <= MAX_GEO_LOCATION_BYTES) return;
  throw invalid(
    `${place} has ${bytes} bytes of JSON beside its coordinates, at most ${MAX_GEO_LOCATION_BYTES} are allowed`,
  );
}

/**
 * Makes sure that coordinates are what GeoJSON has for the type of the geometry.
 * @param place of the geometry in the request, for messages
 * @throws KonturError `invalid-request`
 */
export function checkGeometry({ type, coordinates }: Geometry, place: string, mostPositions: number): void {
  const count = checkLevel(coordinates, LEVELS[type], `${place}.coordinates`);
  if (count > mostPositions) {
    throw invalid(`${place} has ${count} positions, at most ${mostPositions} are allowed`);
  }
}

/** @returns how many positions there are */
function checkLevel(value: unknown, [level, ...inner]: readonly Level[], place: string): number {
  if (level === undefined) return checkPosition(value, place);
  if (!Array.isArray(value) || value.length < level.least) {
    throw invalid(`${place} must be an array of ${level.least} or more ${level.name}`);
  }
  const count = value.reduce((sum: number, item, index) => sum + checkLevel(item, inner, `${place}[${index}]`), 0);
  if (level === RING && !isClosed(value)) {
    throw invalid(`${place} must end with its first position, as every ring of a polygon does`);
  }
  return count;
}

function checkPosition(value: unknown, place: string): number {
  const inRange = (item: unknown, most: number) => typeof item === 'number' && Math.abs(item) <= most;
  const [longitude, latitude] = Array.isArray(value) && value.length === 2 ? value : [];
  if (inRange(longitude, MAX_LONGITUDE) && inRange(latitude, MAX_LATITUDE)) return 1;
  throw invalid(
    `${place} must be a position [longitude, latitude] in degrees, the first from -${MAX_LONGITUDE} to ${MAX_LONGITUDE}, the second from -${MAX_LATITUDE} to ${MAX_LATITUDE}`,
  );
}

function isClosed(ring: Position[]): boolean {
  const [first, last] = [ring[0]!, ring.at(-1)!];
  return first[0] === last[0] && first[1] === last[1];
}

const invalid = (reason: string) => new KonturError('invalid-request', `${reason}.`);
