import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { toGeoJson } from '#geometry/to-geojson';
import { addOutputRoute, type OutputDependencies } from './output-route.ts';

/** `GET …/kontur/segment/{jobId}/geojson`. */
export function addGetGeoJson(app: FastifyInstance, dependencies: OutputDependencies): void {
  addOutputRoute(app, dependencies, {
    name: 'geojson',
    operationId: 'getSegmentGeoJson',
    summary: 'A segment as GeoJSON',
    description:
      'A FeatureCollection of one Polygon or MultiPolygon with its holes (RFC 7946). Coordinates are not places on earth but pixels of the upright image, x to the right and y downwards from its top-left corner.',
    mediaType: 'application/geo+json',
    schema: Type.Object({ type: Type.Enum(['FeatureCollection']), features: Type.Array(Type.Object({})) }),
    make: ({ image, segment }) => JSON.stringify(toGeoJson(image, [segment])),
  });
}
