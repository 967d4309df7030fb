import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { toSvg } from '#geometry/to-svg';
import { addOutputRoute, type OutputDependencies } from './output-route.ts';

/** `GET …/kontur/segment/{jobId}/svg`. */
export function addGetSvg(app: FastifyInstance, dependencies: OutputDependencies): void {
  addOutputRoute(app, dependencies, {
    name: 'svg',
    operationId: 'getSegmentSvg',
    summary: 'A segment as an SVG drawing',
    description: 'One path with open holes in a drawing as large as the upright image; user units are its pixels.',
    mediaType: 'image/svg+xml',
    schema: Type.String(),
    make: ({ image, segment }) => toSvg(image, [segment]),
  });
}
