import { Type } from 'typebox';

/**
 * Custom key-value pairs of a file. Written out, since TypeBox's Record would leave keys with a line break unchecked:
 * its pattern for any key ends at the first line break.
 */
export const MetadataSchema = Type.Unsafe<Record<string, string>>({
  type: 'object',
  additionalProperties: { type: 'string' },
  description: 'Own keys and values, all of them text.',
});
