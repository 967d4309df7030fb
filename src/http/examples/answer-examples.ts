import {
  EXAMPLE_ANNOTATION_ID,
  EXAMPLE_FILE_ID,
  EXAMPLE_JOB_ID,
  EXAMPLE_SUGGESTION_ID,
  EXAMPLE_UPLOAD_ID,
} from './example-ids.ts';
import { LABEL_ANSWERS } from './label-examples.ts';
import { namedAnnotationExamples } from './named-annotation-examples.ts';

const CREATED = 1796066048172;
const times = { createdTime: CREATED, lastUpdatedTime: CREATED };
const link = (claims: string) => `http://127.0.0.1:8321/api/v1/files/storage/content?sig=${claims}.c2lnbmF0dXJl`;
const UPLOAD_URL = link('eyJhbGciOiJIUzI1NiJ9.eyJraW5kIjoidXBsb2FkIn0');

const harbour = { name: 'boats.jpg', directory: '/harbour', mimeType: 'image/jpeg' };
const created = {
  id: EXAMPLE_FILE_ID,
  externalId: 'boats-1',
  ...harbour,
  uploaded: false,
  ...times,
  metadata: { camera: 'pier 4' },
};
const uploaded = { ...created, uploaded: true, uploadedTime: CREATED + 121 };
const changed = {
  ...uploaded,
  source: 'survey',
  lastUpdatedTime: CREATED + 480,
  metadata: { camera: 'pier 4', weather: 'clear' },
};
const second = { ...created, id: 1202029894813524, externalId: 'boats-2' };
const secondUploaded = { ...second, uploaded: true, uploadedTime: CREATED + 300 };
const inParts = { uploadId: EXAMPLE_UPLOAD_ID, uploadUrls: [UPLOAD_URL, UPLOAD_URL] };

const DECODER_SHA256 = '5b7857c99c4513d96c75cc78bb7e3a0873b5ee364e564729c13483b995c92342';

const points = [
  { x: 0.42, y: 0.55, label: 1 },
  { x: 0.8, y: 0.2, label: 0 },
];
const segments = [
  {
    score: 0.75,
    polygons: [
      {
        vertices: [
          { x: 0.25, y: 0.25 },
          { x: 0.75, y: 0.25 },
          { x: 0.5, y: 0.75 },
        ],
      },
    ],
  },
];
const queued = {
  status: 'Queued',
  createdTime: CREATED + 500,
  startTime: null,
  statusTime: CREATED + 500,
  errorMessage: null,
  jobId: EXAMPLE_JOB_ID,
};
const file = { fileId: EXAMPLE_FILE_ID, fileExternalId: 'boats-1' };
const completed = {
  ...queued,
  status: 'Completed',
  startTime: CREATED + 586,
  statusTime: CREATED + 681,
  items: [{ ...file, segments }],
  prompt: { points },
  failedItems: [],
};

const space = { space: 'photos', name: 'Photos', description: 'Photos of the harbour', ...times, isGlobal: false };
const nodeId = { instanceType: 'node', space: 'photos', externalId: 'boats-3' };
const node = {
  ...nodeId,
  version: 1,
  ...times,
  properties: {
    cdf_cdm: {
      'CogniteFile/v1': { name: 'boats.jpg', mimeType: 'image/jpeg', tags: ['boat'], isUploaded: false },
    },
  },
};

const everything = { actions: ['READ', 'WRITE'], scope: { all: {} } };
const capabilities = [
  { filesAcl: everything },
  { labelsAcl: everything },
  { datasetsAcl: { actions: ['READ', 'WRITE', 'OWNER'], scope: { all: {} } } },
  { annotationsAcl: { actions: ['READ', 'WRITE', 'SUGGEST', 'REVIEW'], scope: { all: {} } } },
  { dataModelsAcl: everything },
  { dataModelInstancesAcl: everything },
  { groupsAcl: { actions: ['LIST'], scope: { all: {} } } },
];
const projectScope = { projects: ['demo'] };

const annotation = {
  id: EXAMPLE_ANNOTATION_ID,
  createdTime: CREATED + 900,
  lastUpdatedTime: CREATED + 900,
  annotatedResourceType: 'file',
  annotatedResourceId: EXAMPLE_FILE_ID,
  annotationType: 'images.ObjectDetection',
  creatingApp: 'harbour-survey',
  creatingAppVersion: '1.4.0',
  creatingUser: 'ann@harbour.example',
  status: 'approved',
  data: { label: 'boat', polygon: segments[0]?.polygons[0], confidence: 0.75 },
};
const suggestion = {
  ...annotation,
  id: EXAMPLE_SUGGESTION_ID,
  creatingUser: null,
  status: 'suggested',
  data: { label: 'buoy', boundingBox: { xMin: 0.3, xMax: 0.6, yMin: 0.4, yMax: 0.7 } },
};

/** A successful answer of each operation that answers with text. */
export const ANSWER_EXAMPLES: Record<string, unknown> = {
  createFile: { ...created, uploadUrl: UPLOAD_URL },
  getUploadLink: { ...created, uploadUrl: UPLOAD_URL, items: [{ ...created, uploadUrl: UPLOAD_URL }] },
  initMultiPartUpload: { ...second, ...inParts, items: [{ ...second, ...inParts }] },
  getMultiPartUploadLink: { ...uploaded, ...inParts, items: [{ ...uploaded, ...inParts }] },
  completeMultiPartUpload: {},
  uploadContent: {},
  byIdsFiles: { items: [uploaded] },
  getFileByInternalId: changed,
  listFiles: { items: [changed] },
  advancedListFiles: { items: [secondUploaded, uploaded] },
  searchFiles: { items: [secondUploaded, uploaded] },
  aggregateFiles: { items: [{ count: 2 }] },
  updateFiles: { items: [changed] },
  downloadLinks: {
    items: [{ externalId: 'boats-1', downloadUrl: link('eyJhbGciOiJIUzI1NiJ9.eyJraW5kIjoiZG93bmxvYWQifQ') }],
  },
  deleteFiles: {},
  ...LABEL_ANSWERS,
  annotationsCreate: { items: [annotation] },
  annotationsSuggest: { items: [suggestion] },
  annotationsByids: { items: [annotation] },
  annotationsGet: annotation,
  annotationsFilter: { items: [annotation], nextCursor: null },
  annotationsReverselookup: {
    annotatedResourceType: 'file',
    items: [{ id: EXAMPLE_FILE_ID, externalId: 'boats-1' }],
    nextCursor: null,
  },
  annotationsUpdate: { items: [{ ...suggestion, status: 'rejected', lastUpdatedTime: CREATED + 960 }] },
  annotationsDelete: {},
  ...namedAnnotationExamples(annotation, suggestion),
  postVisionSegment: { ...queued, items: [file], points },
  createSegmentJob: { ...queued, items: [file], points: points.slice(0, 1) },
  getVisionSegment: completed,
  listSegmentJobs: { items: [{ ...completed, items: [{ ...file, segments: [{ score: 0.75 }] }] }] },
  cancelSegmentJob: { jobId: EXAMPLE_JOB_ID, outcome: 'erased' },
  streamSegmentEvents: `: open\n\nevent: segment\ndata: {"jobId":${EXAMPLE_JOB_ID},"fileId":${EXAMPLE_FILE_ID},"status":"Completed","statusTime":${CREATED + 681}}\n\n`,
  previewSegments: {
    fileId: EXAMPLE_FILE_ID,
    imageWidth: 400,
    imageHeight: 300,
    segments: segments.map((segment) => ({ ...segment, rings: segment.polygons.map(({ vertices }) => [vertices]) })),
  },
  getCurrentModel: {
    model: 'mobilesam',
    precision: 'int8',
    provider: 'cpu',
    decoder: {
      flavour: 'mobilesam',
      takesLogits: true,
      url: `/studio/decoders/${DECODER_SHA256}.onnx`,
      sha256: DECODER_SHA256,
      bytes: 20485076,
    },
    preprocessing: { side: 1024, version: 2, fit: 'pad' },
    embeddings: 'mobilesam-p2-18348d144bd35728-v5-buckets-int8-cpu',
    rules: { version: '6c1a8f0e3b7d9542', detailWindows: true },
  },
  getSegmentJson: { imageWidth: 400, imageHeight: 300, prompt: { points }, segments },
  getSegmentCoco: {
    images: [{ id: EXAMPLE_FILE_ID, file_name: 'boats.jpg', width: 400, height: 300 }],
    categories: [{ id: 1, name: 'object', supercategory: 'object' }],
    annotations: [
      {
        id: 1,
        image_id: EXAMPLE_FILE_ID,
        category_id: 1,
        iscrowd: 0,
        segmentation: [[100, 75, 300, 75, 200, 225]],
        area: 15000,
        bbox: [100, 75, 200, 150],
        score: 0.75,
      },
    ],
  },
  getSegmentGeoJson: {
    type: 'FeatureCollection',
    features: [
      {
        type: 'Feature',
        bbox: [100, 75, 300, 225],
        properties: { segment: 0, score: 0.75, area: 15000, imageWidth: 400, imageHeight: 300 },
        geometry: {
          type: 'Polygon',
          coordinates: [
            [
              [100, 75],
              [300, 75],
              [200, 225],
              [100, 75],
            ],
          ],
        },
      },
    ],
  },
  getSegmentSvg:
    '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300" viewBox="0 0 400 300">\n<path id="segment-0" fill-rule="evenodd" d="M100 75L300 75L200 225Z"/>\n</svg>\n',
  getSegmentYolo: '0 0.25 0.25 0.75 0.25 0.5 0.75\n',
  getSegmentLabelMe: {
    version: '5.0.0',
    flags: {},
    shapes: [
      {
        label: 'object',
        points: [
          [100, 75],
          [300, 75],
          [200, 225],
        ],
        group_id: null,
        description: '',
        shape_type: 'polygon',
        flags: {},
      },
    ],
    imagePath: 'boats.jpg',
    imageData: null,
    imageHeight: 300,
    imageWidth: 400,
  },
  ApplySpaces: { items: [space] },
  listSpacesV3: { items: [space] },
  bySpaceIdsSpaces: { items: [space] },
  deleteSpacesV3: { items: [{ space: 'photos' }] },
  applyNodeAndEdges: { items: [{ ...nodeId, version: 1, wasModified: true, ...times }], deleted: [] },
  byExternalIdsInstances: { items: [node] },
  advancedListInstance: { items: [node] },
  deleteBulk: { items: [nodeId] },
  inspectToken: {
    subject: 'kontur-development',
    projects: [{ projectUrlName: 'demo', groups: [1] }],
    capabilities: capabilities.map((capability) => ({ ...capability, projectScope })),
  },
  getProject: {
    name: 'demo',
    urlName: 'demo',
    oidcConfiguration: {
      issuer: 'http://127.0.0.1:8321/oidc',
      audience: 'urn:kontur:api',
      skewMs: 5000,
      accessClaims: [],
      scopeClaims: [],
      logClaims: [{ claimName: 'sub' }],
    },
    userProfilesConfiguration: { enabled: false },
  },
  getGroups: {
    items: [
      {
        id: 1,
        name: 'developers',
        sourceId: 'developers',
        capabilities,
        metadata: {},
        attributes: {},
        isDeleted: false,
      },
    ],
  },
  getHealth: { status: 'up' },
  getReadiness: { status: 'ready', parts: { database: 'ready', model: 'ready' } },
};
