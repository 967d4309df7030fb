import type { Api } from '../api/create-api.ts';
import { waitPatiently } from '../api/wait-patiently.ts';
import { createPhotoKeeper } from '../objects/photo-keeper.ts';
import type { Outline, UnitPosition } from '../objects/photo-object.ts';
import { readPhoto } from './read-photo.ts';
import type { PhotoWithObjects } from './run-export.ts';
import { type TakenObject, takeObject } from './taken-object.ts';

/**
 * Finds the objects of a photo: those that this browser keeps, which its screen shows, otherwise those that were saved
 * as jobs, each prompt once.
 *
 * @throws ApiError if the server refused or does not answer; the reason of `signal` once it is aborted
 */
export async function collectObjects(api: Api, fileId: number, signal: AbortSignal): Promise<PhotoWithObjects> {
  // A browser that keeps nothing has nothing to export from there.
  const kept = await createPhotoKeeper(api.project, fileId)
    .read()
    .catch(() => undefined);
  const own = kept?.objects.flatMap((object) => takeObject(object) ?? []) ?? [];
  const objects = own.length > 0 ? own : await savedObjects(api, fileId, signal);
  const photo =
    objects.length > 0
      ? await waitPatiently(() => readPhoto(api, fileId, signal), signal)
      : { id: fileId, name: String(fileId), imageWidth: 1, imageHeight: 1 };
  return { photo, objects };
}

async function savedObjects(api: Api, fileId: number, signal: AbortSignal): Promise<TakenObject[]> {
  const found = new Map<string, TakenObject>();
  let cursor: string | undefined;
  do {
    const path = { project: api.project };
    const query = { fileId, status: 'Completed' as const, limit: 100, cursor };
    const ask = () => api.client.GET('/api/v1/projects/{project}/kontur/segment', { params: { path, query }, signal });
    const { data: page } = await waitPatiently(ask, signal);
    for (const { jobId, prompt: { points = [], boundingBox } = {}, items } of page?.items ?? []) {
      const key = JSON.stringify([points, boundingBox]);
      if (found.has(key) || !items[0]?.segments.length) continue;
      const outline = await savedOutline(api, jobId, signal);
      const prompt = { points: points.map(({ x, y, label = 1 }) => ({ x, y, label })), boundingBox };
      found.set(key, { prompt, outline, segment: 0, jobId });
    }
    cursor = page?.nextCursor;
  } while (cursor !== undefined);
  // Pages are newest first, objects lowest first.
  return [...found.values()].reverse();
}

/** What the studio reads of a job's GeoJSON: a polygon or several, in pixels. */
interface Features {
  features: {
    properties: { score: number; imageWidth: number; imageHeight: number };
    geometry:
      | { type: 'Polygon'; coordinates: [x: number, y: number][][] }
      | { type: 'MultiPolygon'; coordinates: [x: number, y: number][][][] };
  }[];
}

/** The best segment of a job, with its holes. */
async function savedOutline(api: Api, jobId: number, signal: AbortSignal): Promise<Pick<Outline, 'score' | 'parts'>> {
  const response = await waitPatiently(() => api.fetch(`kontur/segment/${jobId}/geojson`, { signal }), signal);
  const [feature] = ((await response.json()) as Features).features;
  if (feature === undefined) return { score: 0, parts: [] };
  const { properties, geometry } = feature;
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  const toUnit = ([x, y]: [number, number]): UnitPosition => ({
    x: x / properties.imageWidth,
    y: y / properties.imageHeight,
  });
  // The last position of a ring repeats the first.
  const parts = polygons.map((rings) => rings.map((ring) => ring.slice(0, -1).map(toUnit)));
  return { score: properties.score, parts };
}
