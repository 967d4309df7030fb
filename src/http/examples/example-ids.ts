/** The photo of the examples, which has the externalId `boats-1`. */
export const EXAMPLE_FILE_ID = 4417271083372033;
/** A job on it. */
export const EXAMPLE_JOB_ID = 7318364591038211;
/** The upload in parts of `boats-2`. */
export const EXAMPLE_UPLOAD_ID = '3d0f8a52-9f5c-4b8e-8a46-7b3a1f6f2c11';

/** An annotation of the photo. */
export const EXAMPLE_ANNOTATION_ID = 5093211876540981;
/** A suggested annotation of the photo. */
export const EXAMPLE_SUGGESTION_ID = 2847109365518724;

/** A data set. */
export const EXAMPLE_DATA_SET_ID = 3175620984412537;

/** Values of parameters by name: of those in paths and headers, and of some in queries. */
export const PARAMETER_EXAMPLES: Record<string, unknown> = {
  project: 'demo',
  fileId: EXAMPLE_FILE_ID,
  id: EXAMPLE_FILE_ID,
  jobId: EXAMPLE_JOB_ID,
  annotationId: EXAMPLE_ANNOTATION_ID,
  parts: 2,
  rings: true,
  format: 'coco',
  'cdf-version': 'beta',
};
