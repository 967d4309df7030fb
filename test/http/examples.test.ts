import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  EXAMPLE_ANNOTATION_ID,
  EXAMPLE_FILE_ID,
  EXAMPLE_JOB_ID,
  EXAMPLE_SUGGESTION_ID,
  EXAMPLE_UPLOAD_ID,
} from '../../src/http/examples/example-ids.ts';
import { REQUEST_EXAMPLES } from '../../src/http/examples/request-examples.ts';
import { type Answer, FOUND_TRIANGLE, startTestApp, type TestApp } from './start-test-app.ts';

interface Media {
  schema?: object;
  example?: unknown;
  examples?: Record<string, { value: string }>;
}
interface Operation {
  operationId: string;
  parameters?: { name: string; in: string; required?: boolean; description?: string; example?: unknown }[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { description?: string; content?: Record<string, Media> }>;
}

let t: TestApp;
let photo: Buffer;
let schemas: object;
let operations: (Operation & { method: string; path: string })[];
/** Answers to the examples by the id of the operation. */
const answers = new Map<string, Answer>();
/** What the server gave instead of the ids that the examples have. */
const given = new Map<string, string>();

beforeAll(async () => {
  t = await startTestApp({ preview: async () => FOUND_TRIANGLE, settings: { maxUploadBytes: 6_000_000 } });
  const ground = { width: 400, height: 300, channels: 3, background: '#567' } as const;
  photo = await sharp({ create: ground }).jpeg().toBuffer();
  const document = (await t.app.inject('/openapi.json')).json();
  schemas = document.components.schemas;
  const paths = document.paths as Record<string, Record<string, Operation>>;
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method, path })),
  );
  for (const id of Object.keys(REQUEST_EXAMPLES)) {
    await sendExample(id);
    // While it is the only annotation: they are exported in the order of their ids, which are random.
    if (id === 'annotationsCreate') await sendExample('exportAnnotations');
  }
  for (const { operationId, method, path } of operations) {
    const needsEngine = ['readEmbedding', 'getCurrentModel'].includes(operationId);
    if (method === 'get' && path !== '/api/v1/files/storage/content' && !needsEngine && !answers.has(operationId)) {
      await sendExample(operationId);
    }
  }
  await sendExample('eraseChoices');
  await sendExample('cancelSegmentJob');
});
afterAll(() => t?.close());

const find = (id: string) => operations.find(({ operationId }) => operationId === id)!;
const asGiven = (text: string) => [...given].reduce((line, [example, real]) => line.replaceAll(example, real), text);

/** Sends what stands in the document, and nothing else but the ids that the server gave. */
async function sendExample(id: string): Promise<void> {
  const { method, path, parameters = [], requestBody } = find(id);
  const of = (place: string) => parameters.filter((parameter) => parameter.in === place && 'example' in parameter);
  const address = of('path').reduce((url, { name, example }) => url.replace(`{${name}}`, String(example)), path);
  const query = of('query').map(({ name, example }) => `${name}=${example}`);
  const answer = await t.send({
    method: method.toUpperCase() as 'GET',
    url: asGiven([address, ...query].join(address.includes('?') ? '&' : query.length > 0 ? '?' : '')),
    headers: {
      authorization: `Bearer ${t.token}`,
      ...Object.fromEntries(of('header').map(({ name, example }) => [name, String(example)])),
      ...(requestBody && { 'content-type': 'application/json' }),
    },
    ...(requestBody && { payload: asGiven(JSON.stringify(Object.values(requestBody.content)[0]!.example)) }),
  });
  answers.set(id, answer);
  await goOn(id, answer);
}

/** What a client does between two requests: it uploads, and waits. */
async function goOn(id: string, answer: Answer): Promise<void> {
  const put = (url: string) => t.send({ method: 'PUT', url, payload: photo });
  const body = answer.headers['content-type']?.toString().includes('json') ? answer.json() : {};
  if (id === 'createFile') given.set(String(EXAMPLE_FILE_ID), String(body.id));
  if (id === 'annotationsCreate') given.set(String(EXAMPLE_ANNOTATION_ID), String(body.items[0].id));
  if (id === 'annotationsSuggest') given.set(String(EXAMPLE_SUGGESTION_ID), String(body.items[0].id));
  if (id === 'getUploadLink') await put(body.uploadUrl);
  if (id === 'initMultiPartUpload') {
    given.set(EXAMPLE_UPLOAD_ID, body.uploadId);
    // All parts but the last have at least 5 MiB.
    for (const url of body.uploadUrls) await t.send({ method: 'PUT', url, payload: Buffer.alloc(5 * 1024 * 1024) });
  }
  if (id === 'postVisionSegment') given.set(String(EXAMPLE_JOB_ID), String(body.jobId));
  if (['postVisionSegment', 'createSegmentJob'].includes(id)) {
    const status = async () => (await t.request({ url: `/context/vision/segment/${body.jobId}` })).json().status;
    await vi.waitUntil(async () => (await status()) === 'Completed', { timeout: 300_000 });
  }
}

it('every body and every answer has an example', () => {
  const without = operations.flatMap(({ operationId, requestBody, responses }) => {
    const parts = [['body', requestBody] as const, ...Object.entries(responses)];
    return parts.flatMap(([place, part]) =>
      Object.entries(part?.content ?? {})
        .filter(([, { example, examples }]) => example === undefined && examples === undefined)
        .map(([type]) => `${operationId} ${place} ${type}`),
    );
  });
  expect(without).toEqual([]);
});

it('every request of the examples works as it stands', () => {
  const refused = [...answers].filter(([, { statusCode }]) => statusCode >= 300);
  expect(refused.map(([id, { statusCode, body }]) => `${id} ${statusCode} ${body}`)).toEqual([]);
  expect(answers.size).toBeGreaterThanOrEqual(operations.length - 4);
});

describe('the answers of the examples', () => {
  /** The shape of a value: keys and types; of a list, of its first item. */
  function shapeOf(value: unknown): unknown {
    if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
    if (typeof value !== 'object' || value === null) return typeof value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
  }

  it('have the shape of what the server answers', () => {
    for (const { operationId, responses } of operations) {
      const answer = answers.get(operationId);
      const [type, media] = Object.entries(responses[answer?.statusCode ?? 0]?.content ?? {})[0] ?? [];
      // The project of the test has no spaces any more by then.
      if (answer === undefined || !type?.endsWith('json') || operationId === 'listSpacesV3') continue;
      expect([operationId, shapeOf(media?.example)]).toEqual([operationId, shapeOf(answer.json())]);
    }
  });

  it('show bytes as an address that has them in itself', async () => {
    const bytes = operations.flatMap(({ responses, requestBody }) =>
      [requestBody, ...Object.values(responses)].flatMap((part) =>
        Object.values(part?.content ?? {}).flatMap(({ examples }) => Object.values(examples ?? {})),
      ),
    );
    expect(bytes.length).toBeGreaterThan(6);
    for (const { value } of bytes) expect((await (await fetch(value)).arrayBuffer()).byteLength).toBeGreaterThan(50);
  });
});

it('every parameter and every property is described', () => {
  const bare: string[] = [];
  const look = (schema: unknown, place: string): void => {
    if (typeof schema !== 'object' || schema === null) return;
    const { properties = {}, ...others } = schema as {
      properties?: Record<string, { description?: string; $ref?: string }>;
    };
    for (const [name, property] of Object.entries(properties)) {
      if (!property.description && !property.$ref) bare.push(`${place}.${name}`);
      look(property, `${place}.${name}`);
    }
    for (const [key, inner] of Object.entries(others)) if (key !== 'example') look(inner, `${place}.${key}`);
  };
  for (const { operationId, parameters = [], requestBody, responses } of operations) {
    for (const { name, description } of parameters) if (!description) bare.push(`${operationId}?${name}`);
    look([requestBody, responses], operationId);
  }
  for (const [name, schema] of Object.entries(schemas)) look(schema, name);
  expect(bare).toEqual([]);
});
