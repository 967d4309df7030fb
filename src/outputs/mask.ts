import { defineFormat } from './output-format.ts';

/** Output format `mask`: the pixels of a segment, black and white. */
export const mask = defineFormat({
  name: 'mask',
  operationId: 'getSegmentMask',
  extension: 'png',
  mediaType: 'image/png',
  needs: ['encoder'],
  writesAll: false,
  is: 'a PNG as large as the photo, 255 inside and 0 outside',
  summary: 'A segment as a mask',
  description: 'A PNG of the size of the upright image, 8-bit greyscale: 255 inside, 0 outside and in holes.',
  schema: { type: 'string', format: 'binary' },
  options: {},
  write: ({ segments, ...size }, _, raster) =>
    raster.encodeMask(
      segments.flatMap(({ parts }) => parts),
      size,
    ),
});
