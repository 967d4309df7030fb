import assert from 'node:assert/strict';
import { checksOf } from '../check.ts';
import { expectStatus } from '../expect.ts';

const DESCRIBED = [
  '/api/v1/projects/{project}/context/vision/segment',
  '/api/v1/projects/{project}/context/vision/segment/{jobId}',
  '/api/v1/projects/{project}/files',
];

export const serverChecks = checksOf('the server itself', ({ ours }) => {
  ours('GET /healthz is answered 200 without a token', async ({ client }) =>
    expectStatus(await client.get('/healthz', { token: null }), 200),
  );
  ours('GET /readyz is answered 200 without a token, and names the parts', async ({ client }) => {
    const answer = await client.get<{ status: string; parts: Record<string, string> }>('/readyz', { token: null });
    expectStatus(answer, 200);
    const { status, parts } = answer.body;
    assert.equal(status, 'ready');
    assert.ok(Object.keys(parts).length > 0 && Object.values(parts).every((state) => state === 'ready'));
  });
  ours('GET /openapi.json describes the operations in OpenAPI 3.1', async ({ client }) => {
    const { body } = await client.get<{ openapi: string; paths: object }>('/openapi.json', { token: null });
    assert.match(body.openapi, /^3\.1\./);
    for (const path of DESCRIBED) assert.ok(path in body.paths, path);
  });
});
