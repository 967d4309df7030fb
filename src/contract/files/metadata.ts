import { Type } from 'typebox';

/**
 * Custom pairs of a file. Written out, since TypeBox's Record would leave keys with a line break unchecked: its pattern for
 * any key ends at the first.
 */
export const MetadataSchema = Type.Unsafe<Record<string, string>>({
  type: 'object',
  additionalProperties: { type: 'string' },
});
