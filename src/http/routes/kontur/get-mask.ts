import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { encodeMaskPng } from '../../../imaging/encode-mask-png.ts';
import { addOutputRoute, type OutputDependencies } from './output-route.ts';

/** `GET …/kontur/segment/{jobId}/mask.png`: written row by row while it is sent. */
export function addGetMask(app: FastifyInstance, dependencies: OutputDependencies): void {
  addOutputRoute(app, dependencies, {
    name: 'mask.png',
    operationId: 'getSegmentMask',
    summary: 'A segment as a mask',
    description: 'A PNG of the size of the upright image, 8-bit greyscale: 255 inside, 0 outside and in holes.',
    mediaType: 'image/png',
    schema: Type.String({ format: 'binary' }),
    make: ({ segment: { parts }, image }) => encodeMaskPng(parts, image),
  });
}
