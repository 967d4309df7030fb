/** What `kontur segment` can write: whether it is binary, and what it is. */
export const SEGMENT_FORMATS = {
  json: { binary: false, is: 'scored polygons of all segments, as the API answers them' },
  png: { binary: true, is: 'the photo with the segment and the prompt drawn over it' },
  mask: { binary: true, is: 'a PNG as large as the photo, 255 inside and 0 outside' },
  cutout: { binary: true, is: 'a PNG as large as the photo, transparent beside the segment' },
  coco: { binary: false, is: 'a COCO document with polygons, holes cut in by seams' },
  'coco-rle': { binary: false, is: 'a COCO document with the run lengths of the mask' },
  geojson: { binary: false, is: 'a FeatureCollection with holes, in pixels of the upright photo' },
  svg: { binary: false, is: 'a path with holes, in pixels of the upright photo' },
} as const;

export type SegmentFormat = keyof typeof SEGMENT_FORMATS;

/** For the help of the command. */
export const describeFormats = (): string =>
  Object.entries(SEGMENT_FORMATS)
    .map(([name, { is }]) => `  ${name.padEnd(9)} ${is}`)
    .join('\n');
