import type { KnownValues } from './value-for.ts';

/** Posts a body, and answers what came back. */
type Post = (route: string, body: object) => Promise<{ items?: { id?: number }[] }>;

const TRIANGLE = [
  { x: 0.25, y: 0.25 },
  { x: 0.75, y: 0.25 },
  { x: 0.5, y: 0.75 },
];

/** Makes labels, a data set and annotations, and lists their names, and good bodies, for requests to use. */
export async function makeNamedThings(
  post: Post,
  { fileId, prefix }: { fileId: number; prefix: string },
): Promise<KnownValues> {
  const labels = ['boat', 'quay', 'crane'].map((name) => ({ externalId: `${prefix} ${name}`, name }));
  await post('/labels', { items: labels });
  const dataSet = { externalId: `${prefix} set`, name: 'Fuzz', metadata: { a: 'b' } };
  const { items: [made] = [] } = await post('/datasets', { items: [dataSet] });
  const annotation = {
    annotatedResourceType: 'file',
    annotatedResourceId: fileId,
    annotationType: 'images.ObjectDetection',
    creatingApp: 'fuzz',
    creatingAppVersion: '1.0.0',
    creatingUser: null,
    data: { label: 'boat', polygon: { vertices: TRIANGLE }, confidence: 0.5 },
  };
  const approved = { ...annotation, status: 'approved' };
  const { items = [] } = await post('/annotations', { items: Array.from({ length: 20 }, () => approved) });
  const annotationIds = items.map(({ id }) => id!);
  const [first, second] = annotationIds;
  const object = { fileId, label: 'boat', rings: [[TRIANGLE]] };
  return {
    annotationId: annotationIds,
    dataSetId: [made!.id!],
    label: ['boat'],
    format: ['coco', 'csv'],
    'POST /labels': [{ items: [{ externalId: `${prefix} new`, name: 'New' }] }],
    'POST /labels/list': [{ filter: { name: 'boat' }, limit: 5 }],
    'POST /labels/byids': [{ items: [{ externalId: `${prefix} boat` }], ignoreUnknownIds: true }],
    'POST /labels/delete': labels.slice(1).map(({ externalId }) => ({ items: [{ externalId }] })),
    'POST /datasets': [{ items: [{ description: 'one more' }] }],
    'POST /datasets/list': [{ filter: { metadata: { a: 'b' } }, limit: 5 }],
    'POST /datasets/byids': [{ items: [{ id: made!.id! }] }],
    'POST /datasets/update': [{ items: [{ id: made!.id!, update: { description: { set: 'changed' } } }] }],
    'POST /datasets/aggregate': [{ filter: { writeProtected: false } }],
    'POST /annotations': [{ items: [approved] }],
    'POST /annotations/suggest': [{ items: [annotation] }],
    'POST /annotations/list': [
      { filter: { annotatedResourceType: 'file', annotatedResourceIds: [{ id: fileId }], data: { label: 'boat' } } },
    ],
    'POST /annotations/reverselookup': [{ filter: { annotatedResourceType: 'file', data: { label: 'boat' } } }],
    'POST /annotations/byids': [{ items: [{ id: first }] }],
    'POST /annotations/update': [{ items: [{ id: first, update: { status: { set: 'rejected' } } }] }],
    'POST /annotations/delete': annotationIds.slice(2).map((id) => ({ items: [{ id }] })),
    'POST /kontur/annotations': [{ items: [object] }],
    'PATCH /kontur/annotations': [{ items: [{ id: second, label: 'ferry', status: 'approved' }] }],
    'POST /kontur/annotations/restore': annotationIds.slice(2).map((id) => ({ items: [{ id }] })),
    'POST /kontur/segment': [{ items: [{ fileId }], points: [{ x: 0.62, y: 0.645 }] }],
    'POST /kontur/segment/{jobId}/annotation': [{ segment: 0, label: 'boat', status: 'suggested' }],
    'POST /kontur/preview': [{ fileId, points: [{ x: 0.62, y: 0.645 }] }],
  };
}
