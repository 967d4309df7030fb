import type { Prompt } from '#contract/vision/prompt';
import { defineFormat, type OutputSegment } from './output-format.ts';

/** Everything that any of the segments was found by: its points. */
const joinPrompts = (segments: readonly OutputSegment[]): Prompt => ({
  points: segments.flatMap(({ prompt }) => prompt?.points ?? []),
});

/** Output format `drawing`: the photo with the segment and its prompt drawn over it. */
export const drawing = defineFormat({
  name: 'drawing',
  aliases: { png: {} },
  operationId: 'getSegmentDrawing',
  extension: 'png',
  mediaType: 'image/png',
  needs: ['photo'],
  writesAll: false,
  is: 'the photo with the segment and the prompt drawn over it',
  summary: 'A segment drawn over its photo',
  description:
    'A PNG of the upright photo, 512 to 2048 pixels on its longest side, with the outline of the segment and the points and the box of the prompt.',
  schema: { type: 'string', format: 'binary' },
  options: {},
  write: ({ segments, prompt }, _, raster) => raster.draw(segments, prompt ?? joinPrompts(segments)),
});
