import { defineFormat } from './output-format.ts';

/** Output format `cutout`: the photo where the segment is, transparent elsewhere. */
export const cutout = defineFormat({
  name: 'cutout',
  operationId: 'getSegmentCutOut',
  extension: 'png',
  mediaType: 'image/png',
  needs: ['photo'],
  writesAll: false,
  is: 'a PNG as large as the photo, transparent beside the segment',
  summary: 'A segment cut out of its photo',
  description:
    'A PNG of the size of the upright image that is transparent beside the segment and in its holes, where it holds nothing of the photo.',
  schema: { type: 'string', format: 'binary' },
  options: {},
  write: ({ segments }, _, raster) => raster.cutOut(segments.flatMap(({ parts }) => parts)),
});
