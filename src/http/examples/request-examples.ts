import {
  EXAMPLE_ANNOTATION_ID,
  EXAMPLE_FILE_ID,
  EXAMPLE_JOB_ID,
  EXAMPLE_SUGGESTION_ID,
  EXAMPLE_UPLOAD_ID,
} from './example-ids.ts';

const boats = { items: [{ externalId: 'boats-1' }] };
const harbour = { name: 'boats.jpg', mimeType: 'image/jpeg', directory: '/harbour' };
const prompt = {
  points: [
    { x: 0.42, y: 0.55, label: 1 },
    { x: 0.8, y: 0.2, label: 0 },
  ],
};
const node = { instanceType: 'node', space: 'photos', externalId: 'boats-3' };
const annotated = {
  annotatedResourceType: 'file',
  annotatedResourceId: EXAMPLE_FILE_ID,
  annotationType: 'images.ObjectDetection',
};
const maker = { creatingApp: 'harbour-survey', creatingAppVersion: '1.4.0', creatingUser: 'ann@harbour.example' };
const triangle = [
  { x: 0.25, y: 0.25 },
  { x: 0.75, y: 0.25 },
  { x: 0.5, y: 0.75 },
];
const boundingBox = { xMin: 0.3, xMax: 0.6, yMin: 0.4, yMax: 0.7 };
const view = { source: { type: 'view', space: 'cdf_cdm', externalId: 'CogniteFile', version: 'v1' } };

/**
 * A body for each operation that has one. In this order all of them succeed on a project that has nothing yet, but for
 * ids that the server gives: those of the photo, of its upload in parts and of its annotations.
 */
export const REQUEST_EXAMPLES: Record<string, unknown> = {
  createFile: { ...harbour, externalId: 'boats-1', metadata: { camera: 'pier 4' } },
  getUploadLink: boats,
  initMultiPartUpload: { ...harbour, externalId: 'boats-2', metadata: { camera: 'pier 4' } },
  getMultiPartUploadLink: boats,
  completeMultiPartUpload: { externalId: 'boats-2', uploadId: EXAMPLE_UPLOAD_ID },
  byIdsFiles: boats,
  advancedListFiles: { filter: { mimeType: 'image/jpeg', uploaded: true }, limit: 100 },
  searchFiles: { search: { name: 'boats' }, limit: 10 },
  aggregateFiles: { filter: { directoryPrefix: '/harbour' } },
  updateFiles: {
    items: [{ externalId: 'boats-1', update: { source: { set: 'survey' }, metadata: { add: { weather: 'clear' } } } }],
  },
  downloadLinks: boats,
  postVisionSegment: { items: [{ fileExternalId: 'boats-1' }], ...prompt },
  previewSegments: { fileId: EXAMPLE_FILE_ID, boundingBox: { xMin: 0.3, yMin: 0.4, xMax: 0.6, yMax: 0.7 } },
  createSegmentJob: {
    items: [{ fileExternalId: 'boats-1' }],
    points: [{ x: 0.42, y: 0.55, label: 1 }],
    mask: {
      polygons: [
        {
          vertices: [
            { x: 0.36, y: 0.48 },
            { x: 0.5, y: 0.48 },
            { x: 0.5, y: 0.62 },
            { x: 0.36, y: 0.62 },
          ],
        },
      ],
    },
  },
  ApplySpaces: { items: [{ space: 'photos', name: 'Photos', description: 'Photos of the harbour' }] },
  bySpaceIdsSpaces: { items: [{ space: 'photos' }] },
  applyNodeAndEdges: {
    items: [
      { ...node, sources: [{ ...view, properties: { name: 'boats.jpg', mimeType: 'image/jpeg', tags: ['boat'] } }] },
    ],
  },
  byExternalIdsInstances: { items: [node], sources: [view] },
  advancedListInstance: { instanceType: 'node', sources: [view], limit: 100 },
  deleteBulk: { items: [node] },
  deleteSpacesV3: { items: [{ space: 'photos' }] },
  createDataSets: { items: [{ externalId: 'harbour', name: 'Harbour', description: 'Photos of the harbour' }] },
  listDataSets: { filter: { externalIdPrefix: 'harbour' }, limit: 100 },
  getDataSets: { items: [{ externalId: 'harbour' }] },
  updateDataSets: { items: [{ externalId: 'harbour', update: { metadata: { add: { owner: 'ann' } } } }] },
  aggregateDataSets: { filter: { writeProtected: false } },
  createLabelDefinitions: { items: [{ externalId: 'boat', name: 'Boat', description: 'Shows a boat' }] },
  listLabels: { filter: { name: 'Boat' }, limit: 100 },
  byIdsLabels: { items: [{ externalId: 'boat' }] },
  deleteLabels: { items: [{ externalId: 'boat' }] },
  annotationsCreate: {
    items: [
      {
        ...{ ...annotated, ...maker, status: 'approved' },
        data: { label: 'boat', polygon: { vertices: triangle }, confidence: 0.75 },
      },
    ],
  },
  annotationsSuggest: { items: [{ ...annotated, ...maker, creatingUser: null, data: { label: 'buoy', boundingBox } }] },
  annotationsByids: { items: [{ id: EXAMPLE_ANNOTATION_ID }] },
  annotationsFilter: {
    filter: {
      annotatedResourceType: 'file',
      annotatedResourceIds: [{ externalId: 'boats-1' }],
      status: 'approved',
      data: { label: 'boat' },
    },
    limit: 25,
  },
  annotationsReverselookup: { filter: { annotatedResourceType: 'file', data: { label: 'boat' } }, limit: 100 },
  annotationsUpdate: {
    items: [{ id: EXAMPLE_SUGGESTION_ID, update: { status: { set: 'rejected' } } }],
  },
  createObjects: {
    items: [
      {
        ...{ fileId: EXAMPLE_FILE_ID, label: 'boat', rings: [[triangle]], status: 'approved', byHand: true },
        origin: { jobId: EXAMPLE_JOB_ID, segment: 0, rank: 0, token: 1, score: 0.75 },
      },
    ],
  },
  changeObjects: { items: [{ id: EXAMPLE_ANNOTATION_ID, label: 'ferry', status: 'approved' }] },
  saveSegment: { segment: 0, label: 'boat', status: 'suggested' },
  annotationsDelete: { items: [{ id: EXAMPLE_SUGGESTION_ID }] },
  restoreAnnotations: { items: [{ id: EXAMPLE_SUGGESTION_ID }] },
  deleteFiles: { items: [{ externalId: 'boats-2' }], ignoreUnknownIds: true },
};
