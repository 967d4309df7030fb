import { MAX_ANNOTATION_BODY_VALUES, MAX_BULK_BODY_BYTES } from '#contract/limits';

/** Route options of operations that write annotations: limits of the body; `creatingUser`, where null is a value. */
export const ANNOTATION_BODY = {
  bodyLimit: MAX_BULK_BODY_BYTES,
  config: { bodyValues: MAX_ANNOTATION_BODY_VALUES, keptNull: 'creatingUser' },
};
