import { EXAMPLE_ANNOTATION_ID, EXAMPLE_JOB_ID } from './example-ids.ts';

const REFUSALS: Record<string, { message: string; missing?: object[]; duplicated?: object[]; current?: object[] }> = {
  400: { message: 'limit must be at most 1000, got 5000 (most items of the answer).' },
  401: { message: 'Unauthorized' },
  403: { message: 'Resource not found. This may also be due to insufficient access rights.' },
  404: { message: `There is no job ${EXAMPLE_JOB_ID} in this project.` },
  409: { message: `There is no segment to show, job ${EXAMPLE_JOB_ID} has not ended yet.` },
  413: { message: 'The body is larger than the limit of 2097152 bytes, as sent or inflated.' },
  415: { message: 'The body has the content type text/plain; send it as application/json.' },
  416: { message: 'The content has 204800 bytes; bytes=999999- asks for others.' },
  429: { message: '20000 jobs wait in this project already. Post again when some of them have ended.' },
  500: {
    message:
      'A fault of the server; the request id finds it in the log. (request 2f1b7c0a-6a0e-4a57-9d1c-3f6f0f5f7b1e)',
  },
  501: {
    message:
      'In gateway mode annotations are kept by the upstream, whose API has no operation that keeps a history of annotations.',
  },
  503: {
    message:
      'The database, the store or the engine is away for the moment; nothing was created. (request 2f1b7c0a-6a0e-4a57-9d1c-3f6f0f5f7b1e)',
  },
  507: {
    message: 'There is no room left for the upload; nothing was stored. (request 2f1b7c0a-6a0e-4a57-9d1c-3f6f0f5f7b1e)',
  },
};

const missingFile = {
  message: 'File externalIds not found: boats-1',
  missing: [{ externalId: 'boats-1' }],
};
const twice = { message: 'Duplicate externalIds: boats-1', duplicated: [{ externalId: 'boats-1' }] };

const id = EXAMPLE_ANNOTATION_ID;
const missingAnnotation = { message: `Annotation ids not found: ${id}`, missing: [{ id }] };
const annotationTwice = { message: `Duplicate annotation ids: ${id}`, duplicated: [{ id }] };
const missingLabel = { message: 'Label ids not found: boat', missing: [{ externalId: 'boat' }] };
const labelTwice = { message: 'Duplicate label ids: boat', duplicated: [{ externalId: 'boat' }] };
const missingDataSet = { message: 'Data set ids not found: harbour', missing: [{ externalId: 'harbour' }] };
const dataSetTwice = { message: 'Duplicate data set ids: harbour', duplicated: [{ externalId: 'harbour' }] };
const wrongData = { message: 'items[0].data.polygon.vertices must have at most 1000 items, got 1001.' };

/** Where an operation has a refusal of its own. */
const OF_OPERATIONS: Record<string, typeof REFUSALS> = {
  postVisionSegment: { 400: missingFile },
  createSegmentJob: {
    400: {
      message: 'mask is empty: its run lengths set no pixel. Leave it out to start from nothing.',
    },
  },
  previewSegments: {
    400: { message: 'points[0].x must be from 0 to 1, got 1.5: coordinates are fractions of the image.' },
    429: { message: 'Too many previews are being made. Retry after the given time.' },
  },
  createFile: {
    400: { message: 'The body must have name.' },
    409: {
      message: 'A file with externalId boats-1 exists already. Post with overwrite=true to replace it.',
      duplicated: [{ externalId: 'boats-1' }],
    },
  },
  uploadContent: {
    400: { message: 'File ids not found: 4417271083372033', missing: [{ id: 4417271083372033 }] },
    403: { message: 'The upload link is wrong or has expired. Ask for a new one.' },
    413: { message: 'The upload is larger than the limit of 5000000000 bytes.' },
    415: { message: 'The body is a form. Send the bytes of the file alone.' },
  },
  downloadContent: {
    400: { message: 'The query must have sig.' },
    403: { message: 'The download link is wrong or has expired. Ask for a new one.' },
  },
  ...Object.fromEntries(
    ['createLabelDefinitions', 'byIdsLabels', 'deleteLabels'].map((name) => [
      name,
      { 400: missingLabel, 409: labelTwice },
    ]),
  ),
  ...Object.fromEntries(
    ['createDataSets', 'getDataSets', 'updateDataSets'].map((name) => [
      name,
      { 400: missingDataSet, 409: dataSetTwice },
    ]),
  ),
  ...Object.fromEntries(['annotationsCreate', 'annotationsSuggest'].map((name) => [name, { 400: wrongData }])),
  ...Object.fromEntries(
    ['changeObjects', 'restoreAnnotations', 'readAnnotationHistory'].map((name) => [
      name,
      { 404: missingAnnotation, 409: annotationTwice },
    ]),
  ),
  ...Object.fromEntries(
    ['annotationsByids', 'annotationsGet', 'annotationsUpdate', 'annotationsDelete'].map((name) => [
      name,
      { 404: missingAnnotation, 409: annotationTwice },
    ]),
  ),
  ...Object.fromEntries(
    ['byIdsFiles', 'deleteFiles', 'downloadLinks', 'updateFiles'].map((id) => [id, { 400: missingFile, 409: twice }]),
  ),
};

/** The envelope of a refusal, as an example of an operation and a status; undefined for a status that has none. */
export function refusalExample(operationId: string, status: string): unknown {
  const known = OF_OPERATIONS[operationId]?.[status] ?? REFUSALS[status];
  return known && { error: { code: Number(status), ...known } };
}
