import { toDocumentedPrompt } from '#contract/vision/to-documented-prompt';
import { defineFormat, toJson } from './output-format.ts';
import { toWireSegments } from './to-wire-segments.ts';

/**
 * Output format `json`: the prompt and all segments as the API shows them, with the size of the upright photo in
 * pixels.
 */
export const json = defineFormat({
  name: 'json',
  operationId: 'getSegmentJson',
  extension: 'json',
  mediaType: 'application/json',
  needs: [],
  writesAll: true,
  is: 'scored polygons of all segments, as the API answers them',
  summary: 'All segments of a job, with the size of the photo',
  description:
    'Prompt and scored polygons as the job itself shows them, with width and height of the upright photo in pixels. Coordinates are fractions of these.',
  schema: {
    type: 'object',
    required: ['imageWidth', 'imageHeight', 'prompt', 'segments'],
    properties: {
      imageWidth: { type: 'integer', minimum: 1, description: 'Width of the upright image in pixels.' },
      imageHeight: { type: 'integer', minimum: 1, description: 'Height of the upright image in pixels.' },
      prompt: { type: 'object', description: 'The prompt, defaults applied.' },
      segments: { type: 'array', items: { $ref: 'Segment' }, description: 'What the prompt marks, best first.' },
    },
  },
  options: {},
  write(source) {
    const { imageWidth, imageHeight, prompt } = source;
    const wire = toWireSegments(source);
    const segments = source.segments.map(({ label, prompt: own }, index) => ({
      ...wire[index],
      label,
      prompt: own && toDocumentedPrompt(own),
    }));
    return toJson({ imageWidth, imageHeight, prompt: prompt && toDocumentedPrompt(prompt), segments }, source);
  },
});
