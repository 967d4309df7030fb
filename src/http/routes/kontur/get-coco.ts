import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { CocoQuerySchema } from '#contract/vision/outputs';
import { type CocoEncoding, toCoco } from '#geometry/to-coco';
import { addOutputRoute, type OutputDependencies } from './output-route.ts';

/** `GET …/kontur/segment/{jobId}/coco.json`. */
export function addGetCoco(app: FastifyInstance, dependencies: OutputDependencies): void {
  addOutputRoute<{ segment: number; encoding: CocoEncoding }>(app, dependencies, {
    name: 'coco.json',
    operationId: 'getSegmentCoco',
    summary: 'A segment as a COCO document',
    description:
      'Image, category and annotation of the object detection format, in pixels of the upright image. COCO polygons have no holes, so these are cut in by seams of no width; run lengths are the pixels of mask.png.',
    mediaType: 'application/json',
    schema: Type.Ref('CocoDocument'),
    querySchema: CocoQuerySchema,
    make({ image: { fileId: id, name: fileName, ...size }, segment, query }) {
      return JSON.stringify(toCoco({ id, fileName, ...size }, [segment], query.encoding));
    },
  });
}
