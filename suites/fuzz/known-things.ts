import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '../acceptance/client.ts';
import { readPhoto } from '../acceptance/photos.ts';
import { type RawAnswer, sendRequest } from '../acceptance/send-request.ts';
import { makeNamedThings } from './named-things.ts';
import type { KnownValues } from './value-for.ts';

interface Made {
  id: number;
  externalId?: string;
  uploadUrl: string;
  uploadId?: string;
  uploadUrls?: string[];
  downloadUrl?: string;
  nextCursor?: string;
  jobId?: number;
}

const FILES = 6;
/** So many that some are left after requests that delete them. */
const JOBS = 20;
const SPACE = 'fuzz';
const POINT = { type: 'Point', coordinates: [10, 60] };
const LINE = {
  type: 'LineString',
  coordinates: [
    [9, 59],
    [10, 60],
    [12, 61],
  ],
};
const TRIANGLE = {
  type: 'Polygon',
  coordinates: [
    [
      [9, 59],
      [12, 59],
      [12, 61],
      [9, 59],
    ],
  ],
};
const FEATURES = [POINT, LINE, TRIANGLE].map((geometry) => ({ type: 'Feature', geometry }));
const VIEW = { type: 'view', space: 'cdf_cdm', externalId: 'CogniteFile', version: 'v1' };

/** Makes files, a node, a multipart upload and jobs, and lists their names, and good bodies, for requests to use. */
export async function makeKnownThings(target: Target, prefix: string): Promise<KnownValues> {
  const post = async (route: string, body: object): Promise<Made & { items?: Made[] }> => {
    const headers = [
      ['Authorization', `Bearer ${target.token}`],
      ['Content-Type', 'application/json'],
      ['cdf-version', 'beta'],
    ] as const;
    const url = `${target.url}/api/v1/projects/${target.project}${route}`;
    return parse(await sendRequest({ method: 'POST', url, headers, body: Buffer.from(JSON.stringify(body)) }));
  };
  const put = (url: string, body: Buffer) => sendRequest({ method: 'PUT', url, body });
  const makeFinishedJobs = async (fileId: number): Promise<number[]> => {
    const jobIds: number[] = [];
    const segment = { items: [{ fileId }], points: [{ x: 0.62, y: 0.645 }] };
    while (jobIds.length < JOBS) jobIds.push((await post('/context/vision/segment', segment)).jobId!);
    const headers = [['Authorization', `Bearer ${target.token}`]] as const;
    for (const jobId of jobIds) {
      const url = `${target.url}/api/v1/projects/${target.project}/context/vision/segment/${jobId}`;
      const isFinished = async () => {
        const { body } = await sendRequest({ method: 'GET', url, headers });
        return JSON.parse(body.toString()).status === 'Completed';
      };
      while (!(await isFinished())) await sleep(50);
    }
    return jobIds;
  };

  const photo = await post('/files', { name: 'boats.jpg', externalId: `${prefix} photo`, mimeType: 'image/jpeg' });
  await put(photo.uploadUrl, readPhoto());
  const others = [];
  for (let count = 1; count < FILES; count++) {
    const externalId = count % 2 === 0 ? { externalId: `${prefix} ${count}` } : {};
    const file = await post('/files', { name: 'a.png', source: 'fuzz', ...externalId });
    if (count % 3 !== 0) await put(file.uploadUrl, Buffer.from('no picture'));
    others.push(file);
  }
  const multipart = await post('/files/initmultipartupload?parts=1', { name: 'big.jpg' });
  await put(multipart.uploadUrls![0]!, Buffer.from('one part'));
  const { items: [link] = [] } = await post('/files/downloadlink', { items: [{ id: photo.id }] });
  const { nextCursor } = await post('/files/list', { limit: 2 });
  const jobIds = await makeFinishedJobs(photo.id);
  const instanceId = { space: SPACE, externalId: `${prefix} node` };
  const emptySpace = `${prefix.replaceAll(' ', '_')}_empty`;
  await post('/models/spaces', { items: [{ space: SPACE }, { space: emptySpace }] });
  const node = { instanceType: 'node', ...instanceId };
  const nodes = { items: [{ ...node, sources: [{ source: VIEW, properties: { name: 'node.jpg' } }] }] };
  await post('/models/instances', nodes);

  const things = await makeNamedThings(post, { fileId: photo.id, prefix });

  const files = [photo, ...others, multipart];
  const ids = files.map(({ id }) => id);
  const externalIds = files.flatMap(({ externalId }) => externalId ?? []);
  const links = [photo.uploadUrl, others[0]!.uploadUrl, link!.downloadUrl!, ...multipart.uploadUrls!];
  const update = { source: { set: 'new' }, metadata: { add: { a: 'b' }, remove: ['c'] }, labels: { set: [] } };
  const [geoLocation] = FEATURES;
  const newFile = {
    name: 'new.jpg',
    mimeType: 'image/jpeg',
    metadata: { a: 'b' },
    labels: [{ externalId: 'l' }],
    geoLocation,
  };
  const place = { relation: 'intersects', shape: TRIANGLE };
  return {
    project: [target.project],
    id: ids,
    fileId: ids,
    annotatedResourceId: ids,
    annotatedResourceType: ['file'],
    externalId: [...externalIds, instanceId.externalId],
    fileExternalId: externalIds,
    instanceId: [instanceId],
    fileInstanceId: [instanceId],
    space: [SPACE, emptySpace],
    uploadId: [multipart.uploadId],
    jobId: jobIds,
    cursor: nextCursor === undefined ? [] : [nextCursor],
    sig: links.map((address) => new URL(address).searchParams.get('sig')),
    partition: ['1/2', '10/10'],
    parts: [1, 2, 250],
    source: ['fuzz', VIEW],
    'POST /context/vision/segment': [
      {
        items: [{ fileId: photo.id }],
        points: [
          { x: 0.62, y: 0.645 },
          { x: 0.1, y: 0.1, label: 0 },
        ],
      },
      { items: [{ fileInstanceId: instanceId }], boundingBox: { xMin: 0.1, yMin: 0.2, xMax: 0.5, yMax: 0.6 } },
    ],
    'POST /files': [newFile],
    'POST /files/initmultipartupload': [newFile],
    'POST /files/completemultipartupload': [{ id: multipart.id, uploadId: multipart.uploadId }],
    geoLocation: [...FEATURES, place],
    shape: [POINT, LINE, TRIANGLE],
    'POST /files/list': [
      { filter: { uploaded: true, createdTime: { min: 1 } }, limit: 5 },
      { filter: { geoLocation: place }, limit: 5 },
    ],
    'POST /files/search': [
      { filter: { geoLocation: place } },
      { search: { name: 'boats' }, filter: { source: 'fuzz' }, limit: 5 },
    ],
    'POST /files/update': [{ items: [{ id: photo.id, update }] }],
    'POST /files/downloadlink': [{ items: [{ id: photo.id }] }],
    ...things,
    'POST /models/spaces': [{ items: [{ space: SPACE, name: 'Fuzz' }] }],
    'POST /models/spaces/delete': [{ items: [{ space: emptySpace }] }],
    'POST /models/instances': [nodes],
    'POST /models/instances/list': [{ instanceType: 'node', sources: [{ source: VIEW }], limit: 5 }],
  };
}

function parse({ status, body }: RawAnswer): Made & { items?: Made[] } {
  if (status < 300) return JSON.parse(body.toString());
  throw new Error(`What the requests need could not be made: ${status} ${body}`);
}
