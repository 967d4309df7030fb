import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RecordedRequest, readRecordedRequests, wireBody } from '../../../../suites/compat/recorded-request.ts';
import { startTestApp, type TestApp } from '../../start-test-app.ts';

const requests = readRecordedRequests('sdk-requests-annotations.jsonl').filter(({ path }) =>
  /\/annotations\b/.test(path),
);

/** Lines that are refused, and why; everything else a healthy server answers with what was asked for. */
const REFUSED: Record<number, [status: number, why: string]> = {
  20: [404, 'unknown ids'],
  21: [404, 'unknown ids'],
  22: [400, 'an empty label'],
  27: [404, 'unknown ids'],
  55: [400, 'no items'],
  72: [404, 'unknown ids'],
  73: [404, 'unknown ids'],
  75: [404, 'unknown ids'],
  78: [400, 'setNull of a status'],
  88: [404, 'unknown ids'],
};
const wanted = ({ n, path }: RecordedRequest) =>
  REFUSED[n]?.[0] ?? (/\/annotations(\/suggest|\/)?$/.test(path) ? 201 : 200);

let t: TestApp;
let first: number;
let second: number;
beforeAll(async () => {
  t = await startTestApp();
  [first, second] = (await Promise.all(
    ['pump-1', 'pump-2'].map(async (externalId) => {
      const payload = { name: `${externalId}.jpg`, externalId };
      return (await t.request({ method: 'POST', url: '/files', payload })).json().id;
    }),
  )) as [number, number];
  const region = { xMin: 0, xMax: 1, yMin: 0, yMax: 1 };
  const maker = { creatingApp: 'contract-probe', creatingAppVersion: '1.0.0', status: 'approved' };
  const seen = { label: 'pump', confidence: 0.9, boundingBox: region };
  const link = { assetRef: { id: 42 }, text: 'P-1', textRegion: region };
  await create(
    ...[first, first, second].flatMap((annotatedResourceId) => {
      const on = { annotatedResourceType: 'file', annotatedResourceId, ...maker };
      return [
        { ...on, annotationType: 'images.ObjectDetection', creatingUser: null, data: seen },
        { ...on, annotationType: 'images.AssetLink', creatingUser: 'user@example.com', data: link },
      ];
    }),
  );
});
afterAll(() => t?.close());

async function create(...items: object[]): Promise<number[]> {
  const answer = await t.request({ method: 'POST', url: '/annotations', payload: { items } });
  expect(answer.statusCode).toBe(201);
  return answer.json().items.map(({ id }: { id: number }) => id);
}

/** The annotations that the stub always had. */
function createTwo(): Promise<number[]> {
  const item = {
    ...{ annotatedResourceType: 'file', annotatedResourceId: first, annotationType: 'images.Classification' },
    ...{ creatingApp: 'stub', creatingAppVersion: '1', creatingUser: null, status: 'suggested', data: { label: 'a' } },
  };
  return create(item, item);
}

/** The cursor of the page before, for what the body asks for. */
async function cursorOf(url: string, body: string): Promise<string> {
  const { cursor: _, ...query } = JSON.parse(body);
  const answer = await t.send({ method: 'POST', url, headers: authorised([]), payload: { ...query, limit: 1 } });
  return answer.json().nextCursor;
}
const authorised = (headers: readonly (readonly [string, string])[]) => ({
  ...Object.fromEntries(headers.filter(([name]) => !/^(host|connection|content-length|accept-encoding)$/i.test(name))),
  'content-type': 'application/json',
  authorization: `Bearer ${t.token}`,
});

describe('recorded requests of the clients', () => {
  it.each(requests.map((request) => [`${request.n} ${request.scenario} gets ${wanted(request)}`, request] as const))(
    '%s',
    async (_, request) => {
      const [one, two] = await createTwo();
      const rename = (text: string) =>
        text
          .replaceAll('5550001', String(first))
          .replaceAll('4096', String(one))
          .replaceAll('4097', String(two))
          .replace(
            /"annotatedResourceIds":\s*\[\{"id":\s*1\},\s*\{"id":\s*2\}\]/,
            () => `"annotatedResourceIds":[{"id":${first}},{"id":${second}}]`,
          );
      const url = rename(request.path);
      const body = rename(request.body ?? '');
      const cursor = body.includes('"cursor"') ? await cursorOf(url, body) : '';
      const answer = await t.send({
        method: request.method as 'POST',
        url,
        headers: authorised(request.headers),
        payload: wireBody(request, (text) => rename(text).replace(/Y3Vyc29y\w+/, cursor)) as Buffer | undefined,
      });
      expect([answer.statusCode, answer.json().error?.message]).toEqual([
        wanted(request),
        wanted(request) < 300 ? undefined : expect.any(String),
      ]);
      if (cursor !== '') expect(answer.json().items.length).toBeGreaterThan(0);
    },
  );
});
