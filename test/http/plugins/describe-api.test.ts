import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addressOf } from '#outputs/output-format';
import { OUTPUT_FORMATS } from '#outputs/output-formats';
import { startTestApp, type TestApp } from '../start-test-app.ts';

interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  security?: object[];
  parameters?: { in: string; name: string; required?: boolean }[];
  requestBody?: { required?: boolean; content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: { $ref?: string } }> }>;
}

let t: TestApp;
// biome-ignore format: the document as a whole has no type that would help here.
let document: { openapi: string; paths: Record<string, Record<string, Operation>>; components: Record<string, Record<string, object>>; security: object[]; servers: { url: string }[]; tags: { name: string }[] };
let operations: [string, Operation][];
beforeAll(async () => {
  t = await startTestApp({ settings: { maxPoints: 7 } });
  document = (await t.app.inject('/openapi.json')).json();
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method} ${path}`, operation]),
  );
});
afterAll(() => t?.close());

const nested = (value: unknown): object[] =>
  typeof value === 'object' && value !== null ? [value, ...Object.values(value).flatMap(nested)] : [];

it('it lists every operation, each once and named', () => {
  const formats = OUTPUT_FORMATS.map(
    (format) => `get /api/v1/projects/{project}/kontur/segment/{jobId}/${addressOf(format)}`,
  );
  const known = [
    'delete /api/v1/projects/{project}/kontur/choices',
    'delete /api/v1/projects/{project}/kontur/segment/{jobId}',
    'get /api/v1/files/storage/content',
    'get /api/v1/projects/{project}',
    'get /api/v1/projects/{project}/annotations/{annotationId}',
    'get /api/v1/projects/{project}/context/vision/segment/{jobId}',
    'get /api/v1/projects/{project}/files',
    'get /api/v1/projects/{project}/files/{id}',
    'get /api/v1/projects/{project}/groups',
    'get /api/v1/projects/{project}/kontur/annotations',
    'get /api/v1/projects/{project}/kontur/annotations/facets',
    'get /api/v1/projects/{project}/kontur/annotations/{annotationId}/history',
    'get /api/v1/projects/{project}/kontur/export',
    'get /api/v1/projects/{project}/kontur/files/{fileId}/embedding',
    'get /api/v1/projects/{project}/kontur/files/{fileId}/thumbnail',
    'get /api/v1/projects/{project}/kontur/models/current',
    'get /api/v1/projects/{project}/kontur/segment',
    'get /api/v1/projects/{project}/kontur/segment/events',
    'get /api/v1/projects/{project}/models/spaces',
    'get /api/v1/token/inspect',
    'get /healthz',
    'get /readyz',
    'patch /api/v1/projects/{project}/kontur/annotations',
    'post /api/v1/projects/{project}/annotations',
    'post /api/v1/projects/{project}/annotations/byids',
    'post /api/v1/projects/{project}/annotations/delete',
    'post /api/v1/projects/{project}/annotations/list',
    'post /api/v1/projects/{project}/annotations/reverselookup',
    'post /api/v1/projects/{project}/annotations/suggest',
    'post /api/v1/projects/{project}/annotations/update',
    'post /api/v1/projects/{project}/context/vision/segment',
    'post /api/v1/projects/{project}/datasets',
    'post /api/v1/projects/{project}/datasets/aggregate',
    'post /api/v1/projects/{project}/datasets/byids',
    'post /api/v1/projects/{project}/datasets/list',
    'post /api/v1/projects/{project}/datasets/update',
    'post /api/v1/projects/{project}/files',
    'post /api/v1/projects/{project}/files/aggregate',
    'post /api/v1/projects/{project}/files/byids',
    'post /api/v1/projects/{project}/files/completemultipartupload',
    'post /api/v1/projects/{project}/files/delete',
    'post /api/v1/projects/{project}/files/downloadlink',
    'post /api/v1/projects/{project}/files/initmultipartupload',
    'post /api/v1/projects/{project}/files/list',
    'post /api/v1/projects/{project}/files/multiuploadlink',
    'post /api/v1/projects/{project}/files/search',
    'post /api/v1/projects/{project}/files/update',
    'post /api/v1/projects/{project}/files/uploadlink',
    'post /api/v1/projects/{project}/kontur/annotations',
    'post /api/v1/projects/{project}/kontur/annotations/restore',
    'post /api/v1/projects/{project}/kontur/preview',
    'post /api/v1/projects/{project}/kontur/segment',
    'post /api/v1/projects/{project}/kontur/segment/{jobId}/annotation',
    'post /api/v1/projects/{project}/labels',
    'post /api/v1/projects/{project}/labels/byids',
    'post /api/v1/projects/{project}/labels/delete',
    'post /api/v1/projects/{project}/labels/list',
    'post /api/v1/projects/{project}/models/instances',
    'post /api/v1/projects/{project}/models/instances/byids',
    'post /api/v1/projects/{project}/models/instances/delete',
    'post /api/v1/projects/{project}/models/instances/list',
    'post /api/v1/projects/{project}/models/spaces',
    'post /api/v1/projects/{project}/models/spaces/byids',
    'post /api/v1/projects/{project}/models/spaces/delete',
    'put /api/v1/files/storage/content',
    ...formats,
  ];
  expect(operations.map(([address]) => address).sort()).toEqual(known.sort());
  expect(formats.length).toBeGreaterThan(5);
  const ids = operations.map(([, { operationId }]) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  const tags = document.tags.map(({ name }) => name);
  for (const [, operation] of operations) {
    expect(operation.summary).toBeTruthy();
    expect(tags).toEqual(expect.arrayContaining(operation.tags));
  }
});

it('every reference leads somewhere, and no schema has an id that would redirect it', () => {
  const references = nested(document).flatMap((value) => ('$ref' in value ? [value.$ref as string] : []));
  expect(references.length).toBeGreaterThan(50);
  for (const reference of references) {
    const target = reference
      .split('/')
      .slice(1)
      .reduce<unknown>((value, key) => (value as Record<string, unknown>)?.[key], document);
    expect(target, reference).toBeTypeOf('object');
  }
  expect(nested(document.components.schemas).filter((schema) => '$id' in schema)).toEqual([]);
});

it('every schema is valid JSON Schema 2020-12', () => {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, formats: { binary: true } });
  ajv.addKeyword('components');
  ajv.addSchema({ $id: 'api', components: document.components });
  for (const name of Object.keys(document.components.schemas!)) {
    expect(() => ajv.compile({ $ref: `api#/components/schemas/${name}` }), name).not.toThrow();
  }
  for (const [, { parameters = [], requestBody, responses }] of operations) {
    const contents = [requestBody, ...Object.values(responses)].flatMap((part) => Object.values(part?.content ?? {}));
    for (const { schema } of [...contents, ...(parameters as unknown as { schema: object }[])]) {
      const inDocument = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/'));
      expect(() => ajv.compile(inDocument), JSON.stringify(schema)).not.toThrow();
    }
  }
});

it('parameters in paths are declared, and bodies are required', () => {
  for (const [address, { parameters = [], requestBody }] of operations) {
    const declared = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
    expect(declared).toEqual([...address.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    if (address.startsWith('p')) expect(requestBody?.content).toBeDefined();
  }
});

it('every refusal is the error envelope', () => {
  for (const [address, { responses }] of operations) {
    const refusals = Object.entries(responses).filter(([status]) => status >= '4' && address !== 'get /readyz');
    if (!address.endsWith('z'))
      expect(refusals.map(([status]) => status)).toEqual(expect.arrayContaining(['500', '503']));
    for (const [, { content }] of refusals) {
      expect(content?.['application/json']?.schema.$ref).toBe('#/components/schemas/Error');
    }
  }
});

it('the four documented ways to a token are offered; what needs none says so', () => {
  expect(Object.keys(document.components.securitySchemes!)).toEqual([
    'oidc-token',
    'oauth2-client-credentials',
    'oauth2-auth-code',
    'oauth2-open-industrial-data',
  ]);
  expect(document.security).toHaveLength(4);
  for (const [address, { security }] of operations) {
    expect(security).toEqual(/storage|z$/.test(address) ? [] : undefined);
  }
});

it('it is of this server: its address, its limits', () => {
  expect(document.openapi).toMatch(/^3\.1\./);
  expect(document.servers).toEqual([{ url: 'http://127.0.0.1:8321' }]);
  expect(document.components.schemas!.SegmentRequest).toMatchObject({
    anyOf: [
      { properties: { points: { maxItems: 7 } }, required: ['items', 'points'] },
      { required: ['items', 'boundingBox'] },
    ],
  });
});
