import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { addOutputRoute, type OutputDependencies } from './output-route.ts';

/** `GET …/kontur/segment/{jobId}/cutout.png`. */
export function addGetCutOut(app: FastifyInstance, dependencies: OutputDependencies): void {
  addOutputRoute(app, dependencies, {
    name: 'cutout.png',
    operationId: 'getSegmentCutOut',
    summary: 'A segment cut out of its photo',
    description:
      'A PNG of the size of the upright image that is transparent beside the segment and in its holes, where it holds nothing of the photo.',
    mediaType: 'image/png',
    schema: Type.String({ format: 'binary' }),
    make: ({ image, segment: { parts }, signal }) => dependencies.pictures.cutOut(image, parts, signal),
  });
}
